import type { AuditLog } from '../audit/index.ts';
import { type Clock, type Log, SottoError } from '../base/index.ts';
import type { LiveConversation } from '../conversation/index.ts';
import {
  type OpenSoundGuard,
  openSoundGuard,
  readSoundPolicy,
  Standstill,
  type SyntheticVoices,
  standstillFolder,
  writeSoundPolicy,
} from '../guard/index.ts';
import type { Members } from '../identity/index.ts';
import type { KillSwitches, Switches } from '../tools/index.ts';
import type { Vault } from '../vault/index.ts';
import { type Holder, Watching } from './watching.ts';

export interface SafeguardParts {
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly members: Members;
  readonly deskId: string;
  /** "a teller": whom a person can turn to when a conversation is ended. */
  readonly handOffTo: string;
  readonly deskData: string;
  /** What tells synthetic voices; null without a pack for it. */
  readonly voices: SyntheticVoices | null;
  readonly clock: Clock;
  readonly log: Log;
}

/** What watches over a core: the big red button, limits, incidents, the screen of sound. */
export class Safeguards {
  readonly standstill: Standstill;
  /** Limits, incidents, alerts. */
  readonly watching: Watching;
  /** The screen of what is heard. */
  readonly sound: OpenSoundGuard;
  readonly #parts: SafeguardParts;

  constructor(parts: SafeguardParts) {
    this.#parts = parts;
    const { clock, log, members } = parts;
    const requests = standstillFolder(parts.deskData);
    const rolesOf = (memberId: string) => members.rolesOf(memberId);
    this.standstill = new Standstill(parts.vault, parts.audit, { clock, log, requests, rolesOf });
    const policy = readSoundPolicy(parts.vault);
    this.sound = openSoundGuard({ audit: parts.audit, clock, policy, voices: parts.voices });
    this.watching = new Watching({ ...parts, standstill: this.standstill });
  }

  /** The kill switches of the gateway and the big red button, as one. */
  switches(ofTools: KillSwitches): Switches {
    const { standstill } = this;
    const { deskId } = this.#parts;
    return {
      stops: (tool, risk) => standstill.stopsTool(deskId, tool) || ofTools.stops(tool, risk),
      onStop: (listener) => {
        const one = ofTools.onStop(listener);
        const other = standstill.onStop((target) => {
          if (target.scope === 'tool') listener(target);
          else if (target.scope === 'all' || target.name === deskId) listener({ scope: 'all' });
        });
        return () => {
          one();
          other();
        };
      },
    };
  }

  /** Sets the site's policy of sound, or goes back to the usual one; it holds from now on. @throws `guard/bad-policy` */
  setSoundPolicy(policy: unknown, actor: string): void {
    const { vault, audit, clock } = this.#parts;
    this.sound.takePolicy(writeSoundPolicy(vault, audit, { policy, actor, clock }));
  }

  /** @throws SottoError `standstill/stopped` when no conversation may begin now. */
  admit(): void {
    if (!this.standstill.stopsDesk(this.#parts.deskId)) return;
    throw new SottoError(
      'standstill/stopped',
      'Sotto was stopped here, and stands still until two people lift it.',
      {
        remedy: `Turn to ${this.#parts.handOffTo}. A supervisor and an administrator can lift it.`,
      },
    );
  }

  /** Watches a conversation, and ends it politely as soon as its desk is stopped. */
  watch(live: LiveConversation, who: Holder): void {
    this.watching.conversation(live, who);
    const farewell = `I am sorry, I have to stop here. Please speak with ${this.#parts.handOffTo}.`;
    const settle = () => {
      if (this.standstill.stopsDesk(this.#parts.deskId)) live.dismiss('standstill', farewell);
    };
    const deaf = this.standstill.onStop(settle);
    live.onEvent((event) => {
      if (event.type === 'final') settle();
    });
    void live.ended.then(deaf);
  }

  async close(): Promise<void> {
    this.standstill.close();
    await this.watching.close();
  }
}
