import { KeyRound, Lock, LockOpen, Trash2, UserCog } from 'lucide-react';
import { useState } from 'react';
import { useAct } from '../../api/use-act.ts';
import { useAppliance } from '../../api/use-appliance.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, PassphraseField } from '../../components/field.tsx';
import { ErrorMessage, Message } from '../../components/message.tsx';
import { exactTime } from '../../state/words.ts';
import type { Line } from './members.tsx';
import { RoleChoice } from './role-choice.tsx';

interface Props {
  readonly line: Line;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

/** All that an administrator does with one member. Each act says what follows from it. */
export function ManageMember({ line, onClose, onChanged }: Props) {
  const appliance = useAppliance();
  const act = useAct();
  const [roles, setRoles] = useState(line.roles);
  const [reason, setReason] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [removing, setRemoving] = useState(false);
  const memberId = line.id;
  const run = async (name: string, work: () => Promise<unknown>, close = false) => {
    if (!(await act.run(name, work))) return;
    onChanged();
    if (close) onClose();
  };
  const sameRoles = [...roles].sort().join() === [...line.roles].sort().join();
  return (
    <Dialog title={line.displayName} wide onClose={onClose}>
      <div className="stack dialog-parts">
        {act.error === null ? null : <ErrorMessage error={act.error} />}
        <section>
          <RoleChoice roles={roles} onRoles={(next) => setRoles([...next])} />
          <Button
            icon={UserCog}
            disabled={sameRoles || roles.length === 0}
            busy={act.busy === 'roles'}
            onClick={() => void run('roles', () => appliance.call('members.setRoles', { memberId, roles }))}
          >
            Change the roles
          </Button>
        </section>
        <section>
          <h3>Lock</h3>
          {line.locked === null ? (
            <>
              <Field
                label="Why"
                value={reason}
                onValue={setReason}
                hint="Signs them out everywhere at once. No personal data."
                maxLength={200}
              />
              <Button
                look="danger"
                icon={Lock}
                disabled={reason.trim() === ''}
                busy={act.busy === 'lock'}
                onClick={() => void run('lock', () => appliance.call('members.lock', { memberId, reason }))}
              >
                Lock
              </Button>
            </>
          ) : (
            <>
              <p>
                Locked since {exactTime(line.locked.at)}: {line.locked.reason}
              </p>
              <Button
                icon={LockOpen}
                busy={act.busy === 'unlock'}
                onClick={() => void run('unlock', () => appliance.call('members.unlock', { memberId }))}
              >
                Unlock
              </Button>
            </>
          )}
        </section>
        <section>
          <h3>Passphrase and codes</h3>
          <PassphraseField
            label="New first passphrase"
            value={passphrase}
            onValue={setPassphrase}
            hint="Signs them out; they choose their own at the next sign-in."
            autoComplete="new-password"
          />
          <div className="row">
            <Button
              icon={KeyRound}
              disabled={passphrase.length < 12}
              busy={act.busy === 'passphrase'}
              onClick={() =>
                void run('passphrase', () =>
                  appliance.call('members.resetPassphrase', { memberId, passphrase }),
                ).then(() => setPassphrase(''))
              }
            >
              Set it
            </Button>
            {line.codesSince === null ? (
              <p className="muted">No one-time codes are set up.</p>
            ) : (
              <Button
                look="danger"
                busy={act.busy === 'codes'}
                onClick={() => void run('codes', () => appliance.call('members.removeCodes', { memberId }))}
              >
                Take away their one-time codes
              </Button>
            )}
          </div>
        </section>
        <section>
          <h3>Remove</h3>
          {removing ? (
            <Message tone="warn" title={`Remove ${line.displayName}?`}>
              <p>They can no longer sign in. What they did stays in the log, under their id.</p>
              <div className="dialog-actions">
                <Button onClick={() => setRemoving(false)}>Keep</Button>
                <Button
                  look="danger"
                  icon={Trash2}
                  busy={act.busy === 'remove'}
                  onClick={() =>
                    void run('remove', () => appliance.call('members.remove', { memberId }), true)
                  }
                >
                  Remove for good
                </Button>
              </div>
            </Message>
          ) : (
            <Button look="danger" icon={Trash2} onClick={() => setRemoving(true)}>
              Remove this member…
            </Button>
          )}
        </section>
      </div>
    </Dialog>
  );
}
