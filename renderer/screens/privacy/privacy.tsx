import { useState } from 'react';
import type { Member } from '../../../main/api/contract.ts';
import { SubNav } from '../../components/sub-nav.tsx';
import { Erasures } from './erasures.tsx';
import { Holds } from './holds.tsx';
import { RetentionRules } from './retention-rules.tsx';

type Part = 'retention' | 'holds' | 'erasure';
const PARTS = [
  ['retention', 'Retention'],
  ['holds', 'Legal holds'],
  ['erasure', 'Erasure'],
] as const;

/** How long things are kept, what must not go, and who is forgotten. Auditors see it and change nothing. */
export function Privacy({ member }: { readonly member: Member }) {
  const [part, setPart] = useState<Part>('retention');
  const mayAct = member.roles.some((role) => role === 'privacy' || role === 'admin');
  return (
    <main className="admin">
      <SubNav label="Privacy" here={part} places={PARTS} onGo={setPart} />
      {part === 'retention' ? <RetentionRules mayAct={mayAct} /> : null}
      {part === 'holds' ? <Holds mayAct={mayAct} /> : null}
      {part === 'erasure' ? <Erasures mayAct={mayAct} member={member} /> : null}
    </main>
  );
}
