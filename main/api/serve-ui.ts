/**
 * The window's own files, with the headers that keep it in its place. One function for both hosts: Electron's
 * `protocol.handle` and the headless server hand it a Request and send on its Response.
 */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
};

/** Everything is off that the window does not use; of the devices it may ask for the microphone alone. */
const PERMISSIONS = [
  'accelerometer',
  'camera',
  'clipboard-read',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'local-fonts',
  'midi',
  'payment',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'usb',
]
  .map((feature) => `${feature}=()`)
  .concat('microphone=(self)')
  .join(', ');

/** Strict, and the same for every file. The WebSocket is named: older engines do not take it for 'self'. */
export function contentSecurityPolicy(url: URL): string {
  const socket = url.protocol === 'https:' ? ` wss://${url.host}` : '';
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${socket}`,
    "media-src 'self' blob:",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/**
 * Serves the files of `folder`. Only names that were found in it can be asked for, so there is no path to escape
 * by; links are not followed. Addresses that are not of a file (`/desk`) get `index.html`.
 */
export function createUi(folder: string): (request: Request) => Promise<Response> {
  let files = filesIn(folder);
  return async (request) => {
    const url = new URL(request.url);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return plain(url, 405, 'Only GET and HEAD.', { Allow: 'GET, HEAD' });
    if (files.size === 0) files = filesIn(folder);
    if (files.size === 0) return plain(url, 503, 'The window has not been built. Run: npm start');
    const path = find(files, url.pathname);
    if (path === null) return plain(url, 404, 'No such file.');
    const body = await readFile(join(folder, path)).catch(() => null);
    if (body === null) return plain(url, 404, 'No such file.');
    const headers = {
      ...headersFor(url),
      'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
      'Content-Length': String(body.length),
      'Cache-Control': cacheControl(path),
    };
    return new Response(request.method === 'HEAD' ? null : new Uint8Array(body), { headers });
  };
}

function find(files: ReadonlySet<string>, pathname: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(pathname).slice(1);
  } catch {
    return null;
  }
  if (files.has(path)) return path;
  const last = path.slice(path.lastIndexOf('/') + 1);
  return !last.includes('.') && files.has('index.html') ? 'index.html' : null;
}

function filesIn(folder: string): Set<string> {
  try {
    return new Set(
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')),
    );
  } catch {
    return new Set();
  }
}

/** Files under `assets/` carry a hash in their name; the page itself is never kept. */
function cacheControl(path: string): string {
  if (path.endsWith('.html')) return 'no-store';
  return path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}

function plain(url: URL, status: number, text: string, extra: Record<string, string> = {}): Response {
  const headers = {
    ...headersFor(url),
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
  };
  return new Response(`${text}\n`, { status, headers: { ...headers, ...extra } });
}

function headersFor(url: URL): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(url),
    'Permissions-Policy': PERMISSIONS,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  };
}
