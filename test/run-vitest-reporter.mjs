import { writeFileSync } from 'node:fs';

/** Writes every test's result into one JSON file (an array of `Result`, see run-results.mjs). */
export class ResultsReporter {
  #file;

  /** @param {string} file */
  constructor(file) {
    this.#file = file;
  }

  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly { message: string }[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const results = [
      ...modules.flatMap(moduleResults),
      ...unhandledErrors.map(({ message }) => failure('outside any test', message.split('\n')[0], [message])),
    ];
    writeFileSync(this.#file, JSON.stringify(results));
  }
}

function moduleResults(module) {
  const file = module.relativeModuleId;
  const tests = [...module.children.allTests()].map((test) => testResult(file, test));
  const brokenSuites = [...module.children.allSuites()]
    .filter((suite) => suite.errors().length > 0)
    .map((suite) => failure(file, suite.fullName, messagesOf(suite.errors())));
  if (module.errors().length > 0) return [...tests, failure(file, '', messagesOf(module.errors()))];
  if (tests.length === 0) return [failure(file, '', ['It holds no test.'])];
  return [...tests, ...brokenSuites];
}

function testResult(file, test) {
  const result = test.result();
  if (result.state === 'passed') return { file, name: test.fullName, state: 'passed', messages: [] };
  if (result.state === 'failed') return failure(file, test.fullName, messagesOf(result.errors));
  return { file, name: test.fullName, state: 'skipped', messages: notes(test, result) };
}

/** Its own note, or what broke the suite or file around it. */
function notes(test, result) {
  if (typeof result.note === 'string') return [result.note];
  for (let around = test.parent; around !== undefined; around = around.parent) {
    const messages = messagesOf(around.errors());
    if (messages.length > 0) return messages;
  }
  return [];
}

const failure = (file, name, messages) => ({ file, name, state: 'failed', messages });

const messagesOf = (errors) => errors.map(({ message }) => message ?? '');
