import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { silentLog, systemClock } from '../../main/base/index.ts';
import {
  type DeskTools,
  type GatewayEvent,
  openToolGateway,
  type ToolGateway,
  type ToolGatewayOptions,
} from '../../main/tools/index.ts';
import { context } from './desk.ts';

export { CONVERSATION, context, oddDesk, spokenYes, toolEntry } from './desk.ts';

/** A folder that goes away with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-tools-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A gateway that is closed with the test, and what it said. */
export function openGateway(
  desk: DeskTools,
  options: { readonly deskData?: string; readonly seed?: Buffer } & Partial<
    Pick<ToolGatewayOptions, 'clock' | 'lan' | 'ledger' | 'switches' | 'stepUp' | 'timeZone'>
  > = {},
): { gateway: ToolGateway; events: GatewayEvent[]; deskData: string } {
  const deskData = options.deskData ?? temporaryFolder();
  const { seed, ...parts } = options;
  const gateway = openToolGateway({
    ...parts,
    desk,
    deskData,
    signingKey: seed ?? randomBytes(32),
    clock: options.clock ?? systemClock,
    log: silentLog,
  });
  onTestFinished(() => gateway.close());
  const events: GatewayEvent[] = [];
  gateway.onEvent((event) => events.push(event));
  return { gateway, events, deskData };
}

/** Proposes what needs no yes and carries it out. */
export async function callNow(
  gateway: ToolGateway,
  tool: string,
  args: Parameters<ToolGateway['propose']>[1],
  at = context(),
) {
  const proposal = gateway.propose(tool, args, at);
  if (proposal.kind === 'refused') return proposal;
  return gateway.execute(proposal.proposalId, null, at);
}

/** The processes that this one started with this script as argument. */
export function serverProcesses(script: string): readonly number[] {
  return execFileSync('ps', ['-o', 'pid=,ppid=,args=', '-e'], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, parent, ...args]) => Number(parent) === process.pid && args.some((arg) => arg.endsWith(script)),
    )
    .map(([pid]) => Number(pid));
}
