/**
 * A stand-in for the appliance: it answers the renderer over an intercepted WebSocket with scripted states, so that
 * every screen can be looked at and checked without an appliance. It understands nothing and keeps nothing; the real
 * appliance is tested with the real renderer in test/e2e.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { Page, WebSocketRoute } from '@playwright/test';
import type {
  Check,
  ClientMessage,
  ConversationEvent,
  DeskSummary,
  Status,
} from '../../main/api/contract.ts';
import { administration, MEMBER, measured, NOON, verification } from './stand-in-answers.ts';

/** As strict as the hosts' own: nothing inline, nothing evaluated, nothing from elsewhere. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; media-src blob:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Serves a built renderer on loopback. */
export async function serveBuilt(folder: string): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = join(folder, path === '/' ? 'index.html' : path);
    readFile(file).then(
      (bytes) => {
        response.writeHead(200, {
          'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
          'content-security-policy': POLICY,
        });
        response.end(bytes);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const bank: DeskSummary = {
  id: 'bank-branch',
  name: 'Harbor Street Branch',
  version: '1.0.0',
  agentName: 'Robin',
  handOffTo: 'a teller',
  disclosures: [
    {
      id: 'automated-assistant',
      show: 'Robin is an automated assistant (AI), not a person. You can ask for a teller at any time.',
    },
    { id: 'transcript', show: 'This conversation is turned into text and kept by the branch.' },
  ],
  abilities: [
    'tell you when the branch is open',
    'tell you the balance of your accounts',
    'move money between your own accounts',
    'block a lost or stolen card',
    'book an appointment with an adviser',
    'report fraud',
  ],
};
const clinic: DeskSummary = {
  ...bank,
  id: 'clinic-frontdesk',
  name: 'Clinic Front Desk',
  agentName: 'Sage',
  handOffTo: 'the receptionist',
  abilities: [
    'check you in',
    'book, move or cancel an appointment',
    'ask for a prescription refill',
    'tell you when the clinic is open',
    'tell you where to go',
  ],
};

const checks: readonly Check[] = [
  { id: 'sound', name: 'Sound', state: 'ok', message: 'Speakers and a microphone were found.', remedy: null },
  {
    id: 'recogniser',
    name: 'Speech recognition',
    state: 'ok',
    message: 'PocketSphinx with its US English model.',
    remedy: null,
  },
  { id: 'synthesiser', name: 'Voice', state: 'ok', message: 'eSpeak NG 1.51.', remedy: null },
  {
    id: 'keychain',
    name: 'Keychain',
    state: 'warn',
    message: 'No keychain service answers in this session.',
    remedy: 'Install gnome-keyring and sign in again, or keep the key under a passphrase (step 4).',
  },
  { id: 'disk', name: 'Disk space', state: 'ok', message: '212 GB are free.', remedy: null },
];

type Bare = ConversationEvent extends infer E
  ? E extends unknown
    ? Omit<E, 'at' | 'conversationId' | 'turn'>
    : never
  : never;

export interface StandInOptions {
  readonly phase: Status['phase'];
  readonly keychain?: boolean;
}

export class StandInAppliance {
  readonly calls: { readonly name: string; readonly input: unknown }[] = [];
  readonly conversationId = randomUUID();
  readonly #page: Page;
  #status: Status;
  #socket: WebSocketRoute | null = null;
  #events: number | null = null;
  #levels: number | null = null;
  #alerts: number | null = null;
  #reachable = true;
  #standing: readonly unknown[] = [];

  private constructor(page: Page, options: StandInOptions) {
    this.#page = page;
    const { phase, keychain = true } = options;
    this.#status = {
      version: '0.1.0',
      phase,
      siteName: phase === 'setup' ? null : 'Harbor Street Bank',
      desk: phase === 'setup' ? null : bank,
      keychain: { available: keychain, label: 'GNOME Keyring' },
      host: 'headless',
    };
  }

  static async attach(page: Page, options: StandInOptions): Promise<StandInAppliance> {
    const appliance = new StandInAppliance(page, options);
    await page.routeWebSocket(/\/api$/, (socket) => appliance.#accept(socket));
    await page.addInitScript(answerInPage);
    return appliance;
  }

  /** Sends events of a conversation, as the appliance would. */
  play(turn: number, ...events: readonly Bare[]): void {
    for (const event of events)
      this.#send({
        id: this.#events,
        event: { at: Date.now(), conversationId: this.conversationId, turn, ...event },
      });
  }

  level(rmsDb: number, speech = true): void {
    this.#send({ id: this.#levels, event: { rmsDb, peakDb: rmsDb + 8, clipped: false, speech } });
  }

  /** What everybody should know of now. */
  alert(incident: number, code: string): void {
    const about = { about: 'incident', severity: 'high', code, incident } as const;
    this.#send({ id: this.#alerts, event: { id: randomUUID(), at: Date.now(), ...about } });
  }

  async cut(): Promise<void> {
    this.#reachable = false;
    await this.#socket?.close();
  }
  restore(): void {
    this.#reachable = true;
  }

  #accept(socket: WebSocketRoute): void {
    if (!this.#reachable) {
      void socket.close();
      return;
    }
    this.#socket = socket;
    socket.onMessage((text) => void this.#take(JSON.parse(String(text)) as ClientMessage));
  }

  async #take(message: ClientMessage): Promise<void> {
    if ('cancel' in message) return;
    if ('listen' in message) {
      if (message.listen === 'sound.levels') this.#levels = message.id;
      else if (message.listen === 'records.listen') this.#playRecording(message.id);
      else if (message.listen === 'audit.verifying') this.#verify(message.id);
      else if (message.listen === 'sound.measure') this.#measure(message.id);
      else if (message.listen === 'alerts.stream') this.#alerts = message.id;
      else this.#events = message.id;
      return;
    }
    this.calls.push({ name: message.call, input: message.input });
    try {
      this.#send({ id: message.id, ok: await this.#answer(message.call, message.input as never) });
    } catch (error) {
      this.#send({ id: message.id, error });
    }
  }

  async #answer(
    name: string,
    input: { sdp?: string | null; passphrase?: string; proof?: { code?: string } },
  ): Promise<unknown> {
    switch (name) {
      case 'system.status':
        return this.#status;
      case 'setup.checks':
        return checks;
      case 'setup.desks':
        return [bank, clinic];
      case 'setup.complete':
      case 'session.signIn':
        if (input.passphrase === 'wrong') throw refusal;
        this.#status = { ...this.#status, phase: 'ready', siteName: 'Harbor Street Bank', desk: bank };
        return { token: 'token', member: this.#member() };
      case 'session.resume':
        return { member: this.#member() };
      case 'vault.unlock':
        this.#status = { ...this.#status, phase: 'ready' };
        return {};
      case 'sound.check':
        return { checkId: randomUUID(), sdp: await this.#answerSdp(input.sdp ?? '') };
      case 'conversation.start':
        return {
          conversationId: this.conversationId,
          sdp: typeof input.sdp === 'string' ? await this.#answerSdp(input.sdp) : null,
        };
      case 'standstill.stop':
        this.#standing = [
          { target: { scope: 'all' }, at: NOON, by: MEMBER, reason: 'drill', liftAskedBy: [] },
        ];
        return {};
      case 'standstill.list':
        return this.#standing;
      case 'conversation.stepUp':
        if (input.proof?.code === '000000') throw wrongCode;
        return {};
      default:
        return administration[name] ?? {};
    }
  }

  #verify(id: number): void {
    this.#send({ id, event: { type: 'checked', entries: 512, of: 1284 } });
    this.#send({ id, event: verification });
    this.#send({ id, done: true });
  }

  #measure(id: number): void {
    this.#send({ id, event: { type: 'stage', stage: 'quiet' } });
    this.#send({ id, event: { type: 'stage', stage: 'speak' } });
    this.#send({ id, event: measured });
    this.#send({ id, done: true });
  }

  /** Two seconds of a tone. */
  #playRecording(id: number): void {
    const sound = Buffer.alloc(32_000);
    for (let at = 0; at < 16_000; at++) sound.writeInt16LE(Math.round(Math.sin(at / 9) * 4000), at * 2);
    const segment = {
      channel: 'person',
      sampleRate: 16_000,
      durationMs: 1000,
      sound: sound.toString('base64'),
    };
    this.#send({ id, event: { ...segment, startedMs: 0 } });
    this.#send({ id, event: { ...segment, startedMs: 1000 } });
    this.#send({ id, done: true });
  }

  #answerSdp(sdp: string): Promise<string> {
    return this.#page.evaluate((offer) => (window as unknown as StandInWindow).standInAnswer(offer), sdp);
  }

  #member() {
    return { id: MEMBER, username: 'mara.lindt', displayName: 'Mara Lindt', roles: ['admin', 'staff'] };
  }

  #send(message: unknown): void {
    this.#socket?.send(JSON.stringify(message));
  }
}

const wrongCode = {
  code: 'tools/step-up-wrong',
  message: 'That code is not right.',
  remedy: 'Check it and try again.',
};

const refusal = {
  code: 'identity/slow-down',
  message: 'Too many attempts.',
  remedy: 'Wait 30 seconds, then try again.',
};

interface StandInWindow {
  standInAnswer(offer: string): Promise<string>;
}

/** Runs in the page: the other end of the WebRTC connection, with a quiet tone for a voice. */
function answerInPage(): void {
  const peers: RTCPeerConnection[] = [];
  (window as unknown as StandInWindow).standInAnswer = async (offer) => {
    const peer = new RTCPeerConnection();
    peers.push(peer);
    const context = new AudioContext();
    const destination = context.createMediaStreamDestination();
    const tone = context.createOscillator();
    tone.connect(destination);
    tone.start();
    for (const track of destination.stream.getTracks()) peer.addTrack(track, destination.stream);
    await peer.setRemoteDescription({ type: 'offer', sdp: offer });
    await peer.setLocalDescription(await peer.createAnswer());
    await new Promise<void>((resolve) => {
      if (peer.iceGatheringState === 'complete') resolve();
      else peer.addEventListener('icegatheringstatechange', () => resolve());
      setTimeout(resolve, 1000);
    });
    return peer.localDescription?.sdp ?? '';
  };
}
