import { Info } from 'lucide-react';
import type { DeskSummary } from '../../../main/api/contract.ts';

/** That this is a machine, and what it keeps: in sight at all times, before and during every conversation. */
export function Disclosure({ desk }: { readonly desk: DeskSummary }) {
  return (
    <aside className="disclosure" aria-label="About this assistant" data-testid="disclosure">
      <Info aria-hidden="true" size={17} strokeWidth={1.8} />
      <ul>
        {desk.disclosures.map((disclosure) => (
          <li key={disclosure.id}>{disclosure.show}</li>
        ))}
      </ul>
    </aside>
  );
}
