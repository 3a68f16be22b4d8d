import { ShieldCheck } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { OutputOf } from '../../../main/api/contract.ts';
import { useAct } from '../../api/use-act.ts';
import { useAppliance } from '../../api/use-appliance.ts';
import { Button } from '../../components/button.tsx';
import { ErrorMessage, Message } from '../../components/message.tsx';
import { Panel } from '../../components/panel.tsx';

type Verification = OutputOf<'audit.verify'>;

export function Verify() {
  const appliance = useAppliance();
  const act = useAct();
  const [result, setResult] = useState<Verification | null>(null);
  const [share, setShare] = useState(0);
  const leaving = useRef<AbortController>(null);
  useEffect(() => () => leaving.current?.abort(), []);
  const verify = async () => {
    setShare(0);
    leaving.current = new AbortController();
    for await (const event of appliance.listen('audit.verifying', {}, leaving.current.signal)) {
      if (event.type === 'checked') setShare(event.of === 0 ? 1 : event.entries / event.of);
      else setResult(event);
    }
  };
  return (
    <Panel title="Verify" note="Every entry is chained to those before it. Verifying reads all of it again.">
      <Button
        look="primary"
        icon={ShieldCheck}
        busy={act.busy !== null}
        onClick={() => void act.run('verify', verify)}
      >
        {act.busy === null ? 'Verify the log' : `Verifying… ${Math.round(share * 100)} %`}
      </Button>
      <div role="status" className="verification">
        {act.error === null ? null : <ErrorMessage error={act.error} />}
        {result === null ? null : <VerificationResult result={result} />}
      </div>
    </Panel>
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
