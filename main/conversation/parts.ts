import type { Clock, Log } from '../base/index.ts';
import type { CompiledDesk, Dialogue, Understander } from '../dialogue/index.ts';
import type { SoundGuard } from '../guard/index.ts';
import type { SoundEndpoint } from '../media/index.ts';
import type { ConversationWriter, SiteConsent } from '../records/index.ts';
import type { Speech } from '../speech/index.ts';
import type { ToolGateway } from '../tools/index.ts';
import type { Phrase } from './carry-out.ts';
import type { TalkMode } from './live.ts';
import type { FreshDialogue } from './rehearsal.ts';

/** What a conversation is made of; the composition root provides it. */
export interface ConversationParts {
  readonly id: string;
  readonly desk: CompiledDesk;
  readonly dialogue: Dialogue;
  /**
   * Makes the same dialogue anew, as it was at its beginning: with it, replies are got ready while the person is still
   * about to end (`rehearsal.ts`).
   */
  readonly freshDialogue?: FreshDialogue;
  /** A language model beside the desk's own understanding; absent: there is none. */
  readonly understander?: Understander;
  /** Phrases answers from the desk's pages; absent: they are quoted. */
  readonly phrase?: Phrase;
  /** Gets ready to look a question up by its meaning; a moment at most. Never rejects. Absent: by its words alone. */
  readonly think?: (question: string) => Promise<void>;
  readonly gateway: ToolGateway;
  readonly writer: ConversationWriter;
  /** The site's policy of consent, and whether it records sound at all. Absent: the strictest policy, and no recording. */
  readonly consent?: SiteConsent;
  readonly member: { readonly id: string; readonly roles: readonly string[] } | null;
  /** Ears and mouth; without them the conversation is typed. */
  readonly sound: { readonly endpoint: SoundEndpoint; readonly speech: Speech } | null;
  /** Screens the sound before what was said counts as heard; absent: it is not screened. */
  readonly soundGuard?: SoundGuard;
  readonly mode: TalkMode;
  /** Whether the agent's own voice comes back into the microphone, as the sound check measured it; absent: see `withoutEcho`. */
  readonly echo?: boolean;
  /** How long a turn is held back, milliseconds: somebody who goes too fast is slowed down. Absent: never. */
  readonly paceMs?: () => number;
  readonly clock: Clock;
  readonly log: Log;
}
