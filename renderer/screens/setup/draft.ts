import type { InputOf } from '../../../main/api/contract.ts';
import { SHORTEST_PASSPHRASE } from '../../state/passphrase.ts';

export const STEPS = ['welcome', 'desk', 'admin', 'key', 'sound', 'finish'] as const;
export type Step = (typeof STEPS)[number];

export const STEP_NAMES: Readonly<Record<Step, string>> = {
  welcome: 'Checks',
  desk: 'Site and desk',
  admin: 'Administrator',
  key: 'Encryption key',
  sound: 'Sound',
  finish: 'Finish',
};

/** What was entered so far; kept while going back and forth, and in memory only. */
export interface Draft {
  readonly siteName: string;
  readonly deskId: string | null;
  readonly displayName: string;
  readonly username: string;
  readonly passphrase: string;
  readonly repeated: string;
  readonly key: 'keychain' | 'passphrase';
  readonly vaultPassphrase: string;
  readonly vaultRepeated: string;
  readonly soundHeard: 'yes' | 'skipped' | null;
}

export function emptyDraft(keychainAvailable: boolean): Draft {
  return {
    siteName: '',
    deskId: null,
    displayName: '',
    username: '',
    passphrase: '',
    repeated: '',
    key: keychainAvailable ? 'keychain' : 'passphrase',
    vaultPassphrase: '',
    vaultRepeated: '',
    soundHeard: null,
  };
}

export type Problems = Partial<Record<keyof Draft, string>>;

/** What is missing or wrong in one step, by field; empty when the step is complete. */
export function problemsOf(step: Step, draft: Draft): Problems {
  if (step === 'desk')
    return onlyProblems({
      siteName: draft.siteName.trim() === '' ? 'Give the site a name.' : undefined,
      deskId: draft.deskId === null ? 'Choose a desk pack.' : undefined,
    });
  if (step === 'admin')
    return onlyProblems({
      displayName: draft.displayName.trim() === '' ? 'Enter your name.' : undefined,
      username: usernameProblem(draft.username),
      ...newPassphrase('passphrase', 'repeated', draft),
    });
  if (step === 'key' && draft.key === 'passphrase')
    return onlyProblems({
      ...newPassphrase('vaultPassphrase', 'vaultRepeated', draft),
      ...(draft.vaultPassphrase !== '' && draft.vaultPassphrase === draft.passphrase
        ? { vaultPassphrase: 'Choose another one than your own passphrase.' }
        : {}),
    });
  return {};
}

/** @throws Error when a step is incomplete: the screen does not get here then. */
export function setupInput(draft: Draft): InputOf<'setup.complete'> {
  if (draft.deskId === null) throw new Error('No desk pack is chosen.');
  return {
    siteName: draft.siteName.trim(),
    admin: {
      username: draft.username,
      displayName: draft.displayName.trim(),
      passphrase: draft.passphrase,
    },
    deskId: draft.deskId,
    key:
      draft.key === 'keychain'
        ? { kind: 'keychain' }
        : { kind: 'passphrase', passphrase: draft.vaultPassphrase },
  };
}

/** "Ada Lovelace" → "ada.lovelace": a first suggestion, in the form that the appliance takes. */
export function suggestUsername(displayName: string): string {
  return displayName
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '.')
    .replaceAll(/^[.0-9]+|\.+$/g, '')
    .slice(0, 32);
}

function usernameProblem(username: string): string | undefined {
  if (username === '') return 'Choose a user name.';
  if (/^[a-z][a-z0-9._-]{1,31}$/.test(username)) return undefined;
  return 'Two to 32 small letters, digits, dots, hyphens; a letter first.';
}

function newPassphrase(
  field: 'passphrase' | 'vaultPassphrase',
  repeat: 'repeated' | 'vaultRepeated',
  draft: Draft,
): Problems {
  const problems: { -readonly [K in keyof Problems]: Problems[K] } = {};
  if (draft[field].length < SHORTEST_PASSPHRASE)
    problems[field] = `At least ${SHORTEST_PASSPHRASE} characters.`;
  if (draft[repeat] !== draft[field]) problems[repeat] = 'The two are not the same.';
  return problems;
}

function onlyProblems(problems: { readonly [K in keyof Draft]?: string | undefined }): Problems {
  return Object.fromEntries(Object.entries(problems).filter(([, problem]) => problem !== undefined));
}
