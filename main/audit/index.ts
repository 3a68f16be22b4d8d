/**
 * Audit: the append-only log of every security-relevant act, kept in the vault's database. Each entry is canonical
 * JSON in an OCSF class and a leaf of a Merkle tree (RFC 6962); signed checkpoints (C2SP signed notes) state the tree
 * at least every minute of activity and at stop. An entry joins the transaction of the act that it describes: if it
 * cannot be written, the act does not happen. Nothing personal stands in it in clear. An export carries the log to people
 * who trust nobody here, in forms that their own tools verify (C2SP tlog-tiles, SSH signatures, SHA256SUMS); a witness
 * on another machine keeps its checkpoints and tells when it was rewritten, cut or forked;
 * a collector of the site receives every entry as it is written (syslog over TLS).
 */
export type * from './contract.ts';
export { type AuditPorts, openAuditLog } from './log.ts';
export { type LogProof, proveEntries } from './log-proof.ts';
export {
  consistencyProof,
  inclusionProof,
  provesConsistency,
  provesInclusion,
  type SubtreeReader,
  type TreeState,
  treeRoot,
} from './proofs.ts';
export {
  type Collector,
  type CollectorStatus,
  collectorStatus,
  parseCollector,
  setCollector,
  streamToCollector,
} from './syslog/collector.ts';
export type { SyslogFormat } from './syslog/message.ts';
export { type CollectorTrial, tryCollector } from './syslog/try-collector.ts';
export { type WitnessReport, type WitnessRequest, witness } from './witness/witness.ts';
