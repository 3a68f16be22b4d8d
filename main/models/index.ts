/**
 * Models: packs of neural models (recognisers, voices, denoisers, …) as a site signs, carries, installs and trusts them.
 * A pack is a folder or one `.sottopack` file: a manifest in canonical JSON that names every file with its size and
 * SHA-256, an Ed25519 signature over it, and the files. Nothing is read from a pack before a key that the site trusts
 * has signed its manifest; what is installed, and which keys are trusted, stands in the vault. The room loads no model:
 * the engines that do are in `speech`, `dialogue` and `guard`. The form and its reasons: docs/decisions/0023-model-packs.md.
 */
export { type BuildRequest, buildPack, describedPack, type PackDescription, signPack } from './build.ts';
export {
  ENGINE_FAMILIES,
  type EngineFamily,
  type PackEngine,
  type PackVoice,
  packEngineSchema,
} from './engines.ts';
export {
  generateKeyPair,
  isEncrypted,
  type KeyPair,
  type PublicKey,
  readPrivateKey,
  readPublicKey,
} from './keys.ts';
export { LIMITS, type PackLimits } from './limits.ts';
export { KINDS, type PackFile, type PackKind, type PackManifest, packManifestSchema } from './manifest.ts';
export type { ChosenModels, InstalledModel, ModelPack, Models, TrustedKey } from './models.ts';
export { type InstallOptions, type ModelPorts, openModels } from './models.ts';
export { type CheckedPack, checkedPack, type PackPlace } from './on-disk.ts';
export { type PackWorkerOptions, packOfWorker, packWorker } from './pack-worker.ts';
export type { OnProgress, Progress } from './progress.ts';
export { type VerifiedPack, verifyPack } from './verify.ts';
