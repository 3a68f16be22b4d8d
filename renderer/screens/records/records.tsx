import { RefreshCw, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { Member, OutputOf, WireError } from '../../../main/api/contract.ts';
import { wireErrorOf } from '../../api/appliance.ts';
import { useAppliance, useAsk } from '../../api/use-appliance.ts';
import { Button } from '../../components/button.tsx';
import { ErrorMessage, Message } from '../../components/message.tsx';
import { duration, endWords, shortTime } from '../../state/words.ts';

type Row = OutputOf<'records.list'>[number];
type Verification = OutputOf<'audit.verify'>;

/** Conversations that were kept, without their content, and the state of the audit log. */
export function Records({ member }: { readonly member: Member }) {
  const [listed, again] = useAsk('records.list', { limit: 100, before: null });
  const mayVerify = member.roles.some((role) => role === 'admin' || role === 'auditor' || role === 'privacy');
  return (
    <main className="records">
      <section className="panel" aria-labelledby="records-title">
        <header className="panel-head">
          <div>
            <h1 id="records-title">Conversations</h1>
            <p>The latest hundred. What was said is not shown here; each look at a record is logged.</p>
          </div>
          <Button icon={RefreshCw} onClick={again}>
            Refresh
          </Button>
        </header>
        {listed.state === 'asking' ? <p className="muted">Reading…</p> : null}
        {listed.state === 'failed' ? <ErrorMessage error={listed.error} /> : null}
        {listed.state === 'answered' ? <Table rows={listed.value} /> : null}
      </section>
      {mayVerify ? <Verify /> : null}
    </main>
  );
}

function Table({ rows }: { readonly rows: readonly Row[] }) {
  if (rows.length === 0) return <p className="muted">No conversation has been held yet.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className="table-scroll" tabIndex={0} aria-label="List of conversations">
      <table>
        <thead>
          <tr>
            <th scope="col">Started</th>
            <th scope="col">Desk</th>
            <th scope="col">By</th>
            <th scope="col" className="number">
              Turns
            </th>
            <th scope="col" className="number">
              Length
            </th>
            <th scope="col">Ended</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>{shortTime(row.startedAt)}</td>
              <td>{row.deskId}</td>
              <td>{row.carrier}</td>
              <td className="number">{row.turns}</td>
              <td className="number">{row.endedAt === null ? '' : duration(row.endedAt - row.startedAt)}</td>
              <td>{row.endedAt === null ? 'under way' : endWords(row.endReason ?? 'ended')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Verify() {
  const appliance = useAppliance();
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Verification | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const verify = async () => {
    setBusy(true);
    setError(null);
    try {
      setResult(await appliance.call('audit.verify', {}));
    } catch (problem) {
      setError(wireErrorOf(problem));
    }
    setBusy(false);
  };
  return (
    <section className="panel" aria-labelledby="log-title">
      <header className="panel-head">
        <div>
          <h2 id="log-title">Audit log</h2>
          <p>Every entry is chained to those before it. Verifying reads all of it again.</p>
        </div>
      </header>
      <Button look="primary" icon={ShieldCheck} busy={busy} onClick={() => void verify()}>
        {busy ? 'Verifying…' : 'Verify the log'}
      </Button>
      <div role="status" className="verification">
        {error === null ? null : <ErrorMessage error={error} />}
        {result === null ? null : <VerificationResult result={result} />}
      </div>
    </section>
  );
}

function VerificationResult({ result }: { readonly result: Verification }) {
  return (
    <>
      <Message
        tone={result.ok ? 'ok' : 'fail'}
        title={result.ok ? 'The log is whole' : 'The log does not verify'}
      >
        {result.ok
          ? 'Nothing is missing, changed or out of order.'
          : 'Keep this machine as it is, and tell your auditor and IT team.'}
      </Message>
      <dl className="facts">
        <div>
          <dt>Entries</dt>
          <dd>{result.entries.toLocaleString('en-US')}</dd>
        </div>
        <div>
          <dt>Checkpoints</dt>
          <dd>{result.checkpoints.toLocaleString('en-US')}</dd>
        </div>
        <div className="facts-wide">
          <dt>Root hash</dt>
          <dd className="hash">{result.root}</dd>
        </div>
      </dl>
      <Findings title="Problems" findings={result.problems} />
      <Findings title="Worth a look" findings={result.notices} />
    </>
  );
}

interface FindingsProps {
  readonly title: string;
  readonly findings: Verification['problems'];
}

function Findings({ title: heading, findings }: FindingsProps) {
  if (findings.length === 0) return null;
  return (
    <>
      <h3 className="side-title">{heading}</h3>
      <ul className="problems">
        {findings.map((problem) => (
          <li key={`${problem.seq}-${problem.code}`}>
            {problem.seq === null ? '' : `Entry ${problem.seq}: `}
            {problem.message}
          </li>
        ))}
      </ul>
    </>
  );
}
