import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react';
import type { Check } from '../../../main/api/contract.ts';
import { useAsk } from '../../api/use-appliance.ts';
import { Answer } from '../../components/answer.tsx';
import { AskedPanel } from '../../components/asked-panel.tsx';
import { Message } from '../../components/message.tsx';
import { Facts, Panel } from '../../components/panel.tsx';
import { exactTime } from '../../state/words.ts';
import { Packs } from './packs.tsx';

const KEYS: Readonly<Record<string, string>> = {
  keychain: 'In the keychain of this machine',
  passphrase: 'Under a passphrase, asked for at each start',
  credential: 'In a credential file of this machine',
  ephemeral: 'In memory alone: everything ends with the process',
};
const ICONS = { ok: CircleCheck, warn: TriangleAlert, fail: CircleX } as const;
const STATES = { ok: 'In order', warn: 'Worth a look', fail: 'Not working' } as const;
const DAY_MS = 86_400_000;

/** The machine: its keys, its backups, and what the doctor says of it. */
export function System({ mayExamine }: { readonly mayExamine: boolean }) {
  return (
    <>
      <Keys />
      <Packs mayAct={mayExamine} />
      {mayExamine ? <Doctor /> : null}
    </>
  );
}

function Keys() {
  const [asked] = useAsk('vault.state', {});
  return (
    <Panel level={1} title="Keys and backups">
      <Answer of={asked}>
        {({ keySource, recoveryKey, lastBackupAt }) => (
          <div className="stack">
            <Facts
              facts={[
                ['The vault’s key', KEYS[keySource] ?? keySource],
                ['Recovery key', recoveryKey === null ? 'Not set' : <code key="kid">{recoveryKey}</code>],
                ['Last backup', lastBackupAt === null ? 'Never' : exactTime(lastBackupAt)],
              ]}
            />
            {recoveryKey === null ? (
              <Message tone="warn" title="Nobody could open this vault on another machine">
                Make a recovery key and put it into a safe: <code>sotto vault recovery-key --out FILE</code>
              </Message>
            ) : lastBackupAt === null || Date.now() - lastBackupAt > 7 * DAY_MS ? (
              <Message tone="warn" title="There is no backup of this week">
                Make one: <code>sotto vault backup --into FOLDER</code>
              </Message>
            ) : null}
          </div>
        )}
      </Answer>
    </Panel>
  );
}

function Doctor() {
  const [asked, again] = useAsk('system.doctor', {});
  return (
    <AskedPanel
      title="Doctor"
      note="What sotto doctor says on the command line."
      of={asked}
      again="Examine again"
      onAgain={again}
    >
      {(checks) => (
        <ul className="doctor">
          {[...checks]
            .sort((a, b) => weight(b) - weight(a))
            .map((check) => (
              <CheckLine key={check.id} check={check} />
            ))}
        </ul>
      )}
    </AskedPanel>
  );
}

const weight = ({ state }: Check) => ({ ok: 0, warn: 1, fail: 2 })[state];

function CheckLine({ check }: { readonly check: Check }) {
  const Icon = ICONS[check.state];
  return (
    <li className="check" data-state={check.state}>
      <Icon aria-hidden="true" size={20} strokeWidth={1.8} />
      <div>
        <p className="check-name">
          {check.name} <span>{STATES[check.state]}</span>
        </p>
        <p>{check.message}</p>
        {check.remedy === null ? null : <p className="check-remedy">{check.remedy}</p>}
      </div>
    </li>
  );
}
