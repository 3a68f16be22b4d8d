import { Checkpoint } from './checkpoint.tsx';
import { Collector } from './collector.tsx';
import { Entries } from './entries.tsx';
import { ExportLog } from './export-log.tsx';
import { Verify } from './verify.tsx';

/** The audit log: read, verified, exported, and its checkpoint carried to a witness. */
export function Log() {
  return (
    <main className="admin">
      <div className="admin-split">
        <Entries />
        <div className="stack">
          <Verify />
          <Checkpoint />
          <ExportLog />
          <Collector />
        </div>
      </div>
    </main>
  );
}
