/** What the doctor sees in an open site: models, servers, collector, backups, retention. Each with the next step. */
import type { Check } from '../api/index.ts';
import { collectorStatus, tryCollector } from '../audit/index.ts';
import { type Clock, codeOf, type Log, SottoError } from '../base/index.ts';
import {
  allowedModelServers,
  type LanguageModel,
  languageModelChoice,
  openChosenModel,
} from '../dialogue/index.ts';
import type { CheckedPack, InstalledModel, Models } from '../models/index.ts';
import type { Retention } from '../records/index.ts';
import { startSpeech } from '../speech/index.ts';
import type { ToolGateway } from '../tools/index.ts';
import type { Vault } from '../vault/index.ts';
import { backupState } from './backup-state.ts';
import { type Finding, one, wordsOf } from './doctor-finding.ts';
import { SPEECH_KINDS } from './speech-packs.ts';

/** An open site, and how much may be tried on it. */
export interface SiteParts {
  readonly vault: Vault;
  readonly models: Models;
  readonly retention: Pick<Retention, 'preview'>;
  /** Speaks to the desk's tool servers: of a running gateway all of them, else those on the LAN. */
  readonly toolServers: () => ReturnType<ToolGateway['health']>;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether chosen packs are loaded to see that they work; not beside an appliance that has loaded them. */
  readonly load: boolean;
}

const DAY_MS = 86_400_000;
/** A pack of gigabytes is read whole from a disk. */
const CHECK_PACKS_MS = 60_000;
const LOAD_MODEL_MS = 120_000;
const ANSWER_MS = 8_000;
const COLLECTOR_MS = 5_000;
const OLDEST_BACKUP_DAYS = 8;
/** The sweep comes once a day: what is this much over its time was missed. */
const LATE_SWEEP_DAYS = 2;

/** Looks at what a site has chosen and set. */
export async function examineSite(site: SiteParts): Promise<readonly Check[]> {
  // One after the other: the packs alone keep a disk and a core busy.
  const packs = await one('model-packs', 'Model packs', () => modelPacks(site));
  const groups = await Promise.all([
    one('language-model', 'Language model', () => languageModel(site)),
    one('tool-servers', 'Tool servers', () => toolServers(site)),
    one('audit-collector', 'Log collector', () => collector(site)),
    one('backups', 'Recovery key and backups', () => backups(site)),
    one('retention', 'Retention', () => retention(site)),
  ]);
  return [...packs, ...groups.flat()];
}

async function modelPacks({ models, load, log }: SiteParts): Promise<Finding> {
  const installed = models.installed();
  const chosen = models.chosen();
  const gone = Object.values(chosen).filter((id) => !installed.some((pack) => pack.id === id));
  if (gone.length > 0)
    return {
      state: 'fail',
      message: `Chosen and not installed: ${gone.join(', ')}. The built-in engine serves instead.`,
      remedy: 'Install it again with sotto pack install, or go back with sotto pack use --none KIND.',
    };
  if (installed.length === 0)
    return { state: 'ok', message: 'None is installed: the built-in engines serve.' };
  const signal = AbortSignal.timeout(CHECK_PACKS_MS);
  const whole = new Map<string, CheckedPack>();
  for (const pack of installed) {
    try {
      whole.set(pack.id, await models.open(pack.id, signal));
    } catch (error) {
      if (signal.aborted) break;
      const { message, remedy } = wordsOf(error);
      return { state: 'fail', message: `${pack.id}: ${message}`, ...(remedy === null ? {} : { remedy }) };
    }
  }
  if (whole.size < installed.length)
    return {
      state: 'warn',
      message: `${whole.size} of ${installed.length} are as they were signed; there was no time for the others.`,
      remedy: 'Look at each with sotto pack verify, or at the disk, which is slow.',
    };
  const silent = load ? await thatDoNotLoad(whole, chosen, log) : [];
  if (silent.length > 0)
    return {
      state: 'fail',
      message: `As signed, and do not load: ${silent.join(', ')}. The built-in engine serves instead.`,
      remedy: 'Ask who built the pack; go back with sotto pack use --none KIND.',
    };
  return { state: 'ok', message: `As they were signed: ${installed.map(inWords(chosen)).join(', ')}.` };
}

function inWords(chosen: ReturnType<Models['chosen']>): (pack: InstalledModel) => string {
  return ({ id, version, kind }) => `${id} ${version}${chosen[kind] === id ? ` (the ${kind})` : ''}`;
}

/** The chosen packs for speech whose engines do not come up with them. */
async function thatDoNotLoad(
  packs: ReadonlyMap<string, CheckedPack>,
  chosen: ReturnType<Models['chosen']>,
  log: Log,
): Promise<readonly string[]> {
  const failed = new Set<string>();
  const listening: Log = {
    info: () => {},
    warn: (event, detail) => {
      if (/engineUnavailable|engineCrashed/.test(event)) failed.add(String(detail?.engine ?? ''));
      log.warn(event, detail);
    },
  };
  const speechPacks = Object.fromEntries(
    SPEECH_KINDS.flatMap((kind) => {
      const pack = packs.get(chosen[kind] ?? '');
      return pack ? [[kind, pack] as const] : [];
    }),
  );
  if (Object.keys(speechPacks).length === 0) return [];
  const speech = await startSpeech({ log: listening, packs: speechPacks });
  try {
    await speech.warmUp().catch(() => {}); // the built-in engines have lines of their own
  } finally {
    await speech.close();
  }
  return SPEECH_KINDS.flatMap((kind) => (failed.has(`neural-${kind}`) ? [chosen[kind] ?? kind] : []));
}

async function languageModel({ vault, models, log, load }: SiteParts): Promise<Finding> {
  const choice = languageModelChoice(vault);
  if (choice.kind === 'none')
    return { state: 'ok', message: 'None is chosen: the built-in understanding serves.' };
  if (choice.kind === 'pack' && !load)
    return { state: 'ok', message: `${choice.id} is chosen; whether it is whole stands under model packs.` };
  const where = choice.kind === 'pack' ? choice.id : `${choice.model} at ${choice.url}`;
  if (choice.kind === 'lan' && allowedModelServers(vault).length === 0)
    return {
      state: 'fail',
      message: `${where} is chosen, and no server is on the list of this site.`,
      remedy: 'Put it on the list: sotto model allow HOST:PORT',
    };
  const model = await openChosenModel(vault, models, log);
  if (!model) return { state: 'ok', message: 'None is there.' };
  try {
    const tookMs = await answerMs(model, choice.kind === 'pack' ? LOAD_MODEL_MS : ANSWER_MS);
    return { state: 'ok', message: `${where} answers (${Math.round(tookMs)} ms).` };
  } finally {
    await model.close();
  }
}

/** One word from a closed form. @throws SottoError `model/…`. */
async function answerMs(model: LanguageModel, withinMs: number): Promise<number> {
  const signal = AbortSignal.timeout(withinMs);
  try {
    const { tookMs } = await model.generate({
      lane: 'commands',
      system: 'Answer with the one word that the form allows.',
      prompt: 'Are you there?',
      form: {
        name: 'there',
        grammar: 'root ::= "{\\"there\\":true}"',
        schema: {
          type: 'object',
          properties: { there: { type: 'boolean', const: true } },
          required: ['there'],
          additionalProperties: false,
        },
      },
      maxTokens: 16,
      signal,
    });
    return tookMs;
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new SottoError('model/slow', `The language model did not answer within ${withinMs / 1000} s.`, {
      remedy: 'Choose a smaller one, or go on without: sotto model off',
    });
  }
}

async function toolServers({ toolServers }: SiteParts): Promise<Finding> {
  const all = await toolServers();
  const away = all.filter(({ ok }) => !ok);
  const [first] = away;
  if (first)
    return {
      state: 'fail',
      message: away.map(({ server, message }) => `${server}: ${message}`).join(' '),
      remedy: first.remedy ?? 'Look at the server; then sotto tool lan test.',
    };
  if (all.length === 0) return { state: 'ok', message: 'The desk declares none on the LAN.' };
  return { state: 'ok', message: `Answering: ${all.map(({ server }) => server).join(', ')}.` };
}

async function collector({ vault }: SiteParts): Promise<Finding> {
  const trial = await tryCollector(vault, COLLECTOR_MS);
  const { collector: named, waiting } = collectorStatus(vault);
  if (trial === null || named === null)
    return { state: 'ok', message: 'None is named: the log stays on this machine.' };
  const where = `${named.host}:${named.port}`;
  if (trial.reached) return { state: 'ok', message: `${where} is reached; ${waiting} entries wait.` };
  return {
    state: 'fail',
    message: `${where} is not reached (${trial.code}); ${waiting} entries wait, and none is lost.`,
    remedy:
      'Look at the collector, its certificate and the way there; name another with sotto audit collector.',
  };
}

function backups({ vault, clock }: SiteParts): Finding {
  const { recoveryKey, lastBackupAt } = backupState(vault);
  if (recoveryKey === null)
    return {
      state: 'warn',
      message: 'There is no recovery key, so there can be no backup: a lost key is lost data.',
      remedy: 'sotto vault recovery-key --out FILE, with Sotto stopped; put the file into a safe.',
    };
  const remedy = 'sotto vault backup --into DIR, with Sotto stopped.';
  if (lastBackupAt === null) return { state: 'warn', message: 'No backup was ever made.', remedy };
  const days = Math.floor((clock.now() - lastBackupAt) / DAY_MS);
  const message = `The last backup is ${days === 1 ? 'one day' : `${days} days`} old.`;
  return days > OLDEST_BACKUP_DAYS ? { state: 'warn', message, remedy } : { state: 'ok', message };
}

function retention({ retention: rules, clock }: SiteParts): Finding {
  const due = rules.preview().filter(({ due, held }) => due > held);
  const late = due.filter(
    ({ oldest, rule }) =>
      oldest !== null && clock.now() - oldest > (rule.keepDays + LATE_SWEEP_DAYS) * DAY_MS,
  );
  const counts = (some: typeof due) =>
    some.map(({ dataClass, due, held }) => `${due - held} of ${dataClass}`).join(', ');
  if (late.length > 0)
    return {
      state: 'warn',
      message: `Beyond their time for more than ${LATE_SWEEP_DAYS} days: ${counts(late)}.`,
      remedy: 'Start Sotto, which sweeps once a day, or run sotto retention sweep.',
    };
  if (due.length > 0) return { state: 'ok', message: `The next sweep lets go: ${counts(due)}.` };
  return { state: 'ok', message: 'Nothing is beyond its time.' };
}

/** A site that could not be opened, as one line. */
export function siteUnseen(error: unknown): Check {
  const seen = { id: 'site', name: 'Site' };
  if (codeOf(error) === 'vault/in-use')
    return {
      ...seen,
      state: 'ok',
      message: 'Sotto runs on this data folder: models, servers, collector and backups stand in its window.',
      remedy: null,
    };
  const { message } = wordsOf(error);
  return {
    ...seen,
    state: 'warn',
    message: `Models, servers, collector and backups were not looked at. ${message}`,
    remedy:
      'Name what opens the vault: --credential FILE, or a private file with the passphrase in SOTTO_PASSPHRASE_FILE.',
  };
}
