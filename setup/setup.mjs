// Gets this checkout ready to run: system packages, npm packages, the window. npm runs it before `npm start` and
// `npm test`. Plain JavaScript without dependencies: it runs under whatever Node (20 or newer) the machine has,
// before anything is installed. Where nothing is missing it asks neither the network nor npm and says nothing.
//
//   node setup/setup.mjs [--for-tests] [--dry-run]
//
// --for-tests  also what the tests need (a browser, a sound server, a keyring)
// --dry-run    says what would be done, as JSON, and does nothing
import { planBuilds, runBuilds } from './builds.mjs';
import { Failure } from './failure.mjs';
import { alone } from './lock.mjs';
import { installNpmPackages, npmPackagesCurrent } from './npm-packages.mjs';
import { say } from './progress.mjs';
import { debianCommand, installSystemPackages, missingNeeds } from './system-packages.mjs';

const OLDEST_NODE = 20;

const forTests = process.argv.includes('--for-tests');
const dryRun = process.argv.includes('--dry-run');

/** What is to be done; reads only. */
function plan() {
  const npm = !npmPackagesCurrent();
  return {
    needs: missingNeeds({ compiling: npm, testing: forTests }),
    npm,
    builds: npm ? ['renderer'] : planBuilds(),
  };
}

function nothingToDo({ needs, npm, builds }) {
  return needs.length === 0 && !npm && builds.length === 0;
}

function checkMachine() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE) {
    throw new Failure(
      `This is Node ${process.versions.node}; Sotto needs Node ${OLDEST_NODE} or newer.`,
      'Install a newer Node (https://nodejs.org, or your system’s packages), then run the same command again.',
    );
  }
  if (process.platform === 'win32') {
    say(
      'Sotto’s speech engines and sound are made and tried on Linux; on Windows expect typed conversations.',
    );
  }
}

async function main() {
  checkMachine();
  const first = plan();
  if (dryRun) {
    const command = debianCommand(first.needs);
    process.stdout.write(`${JSON.stringify({ ...first, command }, null, 2)}\n`);
    return;
  }
  if (nothingToDo(first)) return;
  await alone(async () => {
    const { needs, npm } = plan();
    if (needs.length > 0) await installSystemPackages(needs, { testing: forTests });
    if (npm) await installNpmPackages();
    await runBuilds(planBuilds());
  });
}

main().catch((error) => {
  const known = error instanceof Failure;
  say('');
  say(known ? error.message : `Setup failed unexpectedly: ${error?.stack ?? error}`);
  if (known) say(error.nextStep);
  process.exitCode = 1;
});
