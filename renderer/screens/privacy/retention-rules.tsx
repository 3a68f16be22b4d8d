import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { OutputOf } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance, useAsk } from '../../api/use-appliance.ts';
import { Answer } from '../../components/answer.tsx';
import { AskedPanel } from '../../components/asked-panel.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { ErrorMessage, Message } from '../../components/message.tsx';
import { Panel, Table } from '../../components/panel.tsx';
import { counted, shortTime } from '../../state/words.ts';

type Rule = OutputOf<'retention.rules'>[number];
type Due = OutputOf<'retention.preview'>[number];
/** A rule on the form: the days as they are typed. */
interface Draft {
  readonly key: number;
  readonly dataClass: Rule['dataClass'];
  readonly purpose: string;
  readonly days: string;
}

const CLASS_WORDS = {
  recording: 'Recorded sound',
  transcript: 'What was said',
  conversation: 'That there was a conversation, and what was done',
} as const;

export function RetentionRules({ mayAct }: { readonly mayAct: boolean }) {
  const [rules, readRules] = useAsk('retention.rules', {});
  const [due, look] = useAsk('retention.preview', {});
  const refresh = () => {
    readRules();
    look();
  };
  return (
    <>
      <Panel
        level={1}
        title="How long things are kept"
        note="Of several rules for one kind of data the shortest counts. A legal hold goes before every rule."
      >
        <Answer of={rules}>
          {(kept) => <RulesForm key={JSON.stringify(kept)} kept={kept} mayAct={mayAct} onSaved={refresh} />}
        </Answer>
      </Panel>
      <AskedPanel
        title="What would go now"
        note="A sweep runs by itself every day, and shortly after each start."
        of={due}
        again="Look again"
        onAgain={look}
      >
        {(classes) => (
          <>
            <Table
              label="What a sweep would let go"
              heads={['What', 'Why', 'Beyond its time', 'Kept by a hold', 'The oldest']}
              numbers={[2, 3]}
            >
              {classes.map((one) => (
                <tr key={one.dataClass}>
                  <th scope="row">{CLASS_WORDS[one.dataClass]}</th>
                  <td>
                    {one.rule.purpose}: {counted(one.rule.keepDays, 'day')}
                  </td>
                  <td className="number">{counted(one.due, 'conversation')}</td>
                  <td className="number">{one.held}</td>
                  <td>{one.oldest === null ? 'none' : shortTime(one.oldest)}</td>
                </tr>
              ))}
            </Table>
            {mayAct ? <Sweep due={classes} onSwept={look} /> : null}
          </>
        )}
      </AskedPanel>
    </>
  );
}

interface FormProps {
  readonly kept: readonly Rule[];
  readonly mayAct: boolean;
  readonly onSaved: () => void;
}

function RulesForm({ kept, mayAct, onSaved }: FormProps) {
  const appliance = useAppliance();
  const act = useAct();
  const [drafts, setDrafts] = useState<readonly Draft[]>(() =>
    kept.map(({ dataClass, purpose, keepDays }, key) => ({
      key,
      dataClass,
      purpose,
      days: String(keepDays),
    })),
  );
  const rules = drafts.map(({ dataClass, purpose, days }) => ({
    dataClass,
    purpose,
    keepDays: Number(days),
  }));
  const valid = drafts.every(
    ({ days, purpose }) => /^\d{1,4}$/.test(days) && /^[a-z][a-z-]{0,39}$/.test(purpose),
  );
  const changed = JSON.stringify(rules) !== JSON.stringify(kept);
  const change = (key: number, to: Partial<Draft>) =>
    setDrafts(drafts.map((draft) => (draft.key === key ? { ...draft, ...to } : draft)));
  const add = (dataClass: Draft['dataClass']) =>
    setDrafts([
      ...drafts,
      { key: Math.max(0, ...drafts.map(({ key }) => key)) + 1, dataClass, purpose: '', days: '30' },
    ]);
  const classes = Object.keys(CLASS_WORDS) as Draft['dataClass'][];
  return (
    <div className="stack">
      {classes.map((dataClass) => {
        const own = drafts.filter((draft) => draft.dataClass === dataClass);
        return (
          <fieldset key={dataClass} className="rules" disabled={!mayAct}>
            <legend>{CLASS_WORDS[dataClass]}</legend>
            {own.map((draft) => (
              <div key={draft.key} className="rule">
                <label>
                  <span>For</span>
                  <input
                    value={draft.purpose}
                    placeholder="service"
                    aria-label={`Purpose of keeping: ${CLASS_WORDS[dataClass]}`}
                    onChange={(event) =>
                      change(draft.key, { purpose: event.target.value.trim().toLowerCase() })
                    }
                  />
                </label>
                <label>
                  <span>days</span>
                  <input
                    className="number"
                    inputMode="numeric"
                    value={draft.days}
                    aria-label={`Days to keep for ${draft.purpose || 'a new purpose'}: ${CLASS_WORDS[dataClass]}`}
                    onChange={(event) => change(draft.key, { days: event.target.value.trim() })}
                  />
                </label>
                {mayAct && own.length > 1 ? (
                  <IconButton
                    icon={Trash2}
                    label={`Remove the rule for ${draft.purpose || 'a new purpose'}`}
                    onClick={() => setDrafts(drafts.filter(({ key }) => key !== draft.key))}
                  />
                ) : null}
              </div>
            ))}
            {mayAct ? (
              <Button look="quiet" icon={Plus} onClick={() => add(dataClass)}>
                Another purpose
              </Button>
            ) : null}
          </fieldset>
        );
      })}
      {act.error === null ? null : <ErrorMessage error={act.error} />}
      {mayAct ? (
        <div className="row">
          <Button
            look="primary"
            disabled={!changed || !valid}
            busy={act.busy !== null}
            onClick={() =>
              void act
                .run('save', () => appliance.call('retention.setRules', { rules }))
                .then((ok) => ok && onSaved())
            }
          >
            Save the rules
          </Button>
          <p className="muted">
            {valid
              ? 'Nothing goes by saving; the next sweep follows the new rules.'
              : 'A purpose is one word; days are a number up to 3650.'}
          </p>
        </div>
      ) : null}
    </div>
  );
}

function Sweep({ due, onSwept }: { readonly due: readonly Due[]; readonly onSwept: () => void }) {
  const appliance = useAppliance();
  const act = useAct();
  const [asking, setAsking] = useState(false);
  const [swept, setSwept] = useState<OutputOf<'retention.sweep'> | null>(null);
  const going = due.filter((one) => one.due > one.held);
  const sweep = async () => {
    const ok = await act.run('sweep', async () => setSwept(await appliance.call('retention.sweep', {})));
    if (ok) {
      setAsking(false);
      onSwept();
    }
  };
  return (
    <div className="stack">
      <div className="row">
        <Button look="danger" icon={Trash2} disabled={going.length === 0} onClick={() => setAsking(true)}>
          Let it go now
        </Button>
        {going.length === 0 ? <p className="muted">Nothing is beyond its time.</p> : null}
      </div>
      <div role="status">
        {swept === null ? null : (
          <Message tone="ok" title="Swept">
            {counted(swept.recordings, 'recording')}, {counted(swept.transcripts, 'transcript')} and{' '}
            {counted(swept.conversations, 'conversation')} are gone, with their keys.
          </Message>
        )}
      </div>
      {asking ? (
        <FormDialog
          title="Let go of what is beyond its time?"
          action="Let it go"
          icon={Trash2}
          look="danger"
          cancel="Keep it"
          act={act}
          onClose={() => setAsking(false)}
          onSubmit={() => void sweep()}
        >
          <ul className="plain-list">
            {going.map((one) => (
              <li key={one.dataClass}>
                {CLASS_WORDS[one.dataClass]}: {counted(one.due - one.held, 'conversation')}
              </li>
            ))}
          </ul>
          <p>It cannot be brought back: the keys go with it, so that no backup can be read either.</p>
        </FormDialog>
      ) : null}
    </div>
  );
}
