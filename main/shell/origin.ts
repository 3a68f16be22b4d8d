/** The window's one address. Everything in it comes from there. */
export const APP_SCHEME = 'sotto';
export const APP_URL = `${APP_SCHEME}://app/`;

/** True for addresses of our own page and files; `sotto://app.evil/` and `sotto://x@app/` are not. */
export function isOurs(url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return protocol === `${APP_SCHEME}:` && host === 'app' && username === '' && password === '';
}
