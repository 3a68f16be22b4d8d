import { describe, expect, it } from 'vitest';
import { COFFEE, sotto, startSotto } from './sotto.ts';

const COMMANDS = [
  'start',
  'talk',
  'hear',
  'understand',
  'say',
  'desk',
  'desk check',
  'desk new',
  'audit',
  'audit verify',
  'audit recent',
  'audit export',
  'audit checkpoint',
  'audit witness',
  'doctor',
];

describe('every command', () => {
  it('shows examples and exit codes in its help', async () => {
    for (const command of COMMANDS) {
      const { code, out } = await sotto([...command.split(' '), '--help']);
      expect(out, command).toMatch(new RegExp(`Examples:\\n  sotto ${command}|Examples:\\n  echo`));
      expect(out, command).toMatch(/Exit codes:\n {2}0 .+\n( {2}1 .+\n)? {2}2 {3}wrong usage\n/);
      expect(code, command).toBe(0);
    }
  });

  it('tells wrong usage apart from failure', async () => {
    for (const args of [
      [],
      ['juggle'],
      ['hear', 'x.wav'],
      ['hear', '--desk'],
      ['say'],
      ['doctor', '--loud'],
    ]) {
      const { code, err } = await sotto(args);
      expect(err, args.join(' ')).toMatch(args.length === 0 ? /^Usage: sotto/ : /^sotto: .+\n\s*next: /);
      expect(code, args.join(' ')).toBe(2);
    }
  });

  it('ends with 130 and no complaint when interrupted', async () => {
    const waiting = startSotto(['understand', '--desk', COFFEE, '--json']);
    waiting.child.stdin?.write('a large latte\n');
    await waiting.printed('orderDrink');
    waiting.child.kill('SIGINT');
    const { code, err } = await waiting.ended;
    expect(err).not.toMatch(/Error|failed/);
    expect(code).toBe(130);
  });

  it('shows no stack trace unless asked', async () => {
    const args = ['desk', 'check', '/dev/null/nothing'];
    const quiet = await sotto(args);
    expect(quiet.err).not.toContain('    at ');
    const debugged = await sotto(args, { env: { SOTTO_DEBUG: '1' } });
    expect(debugged.err).toContain('    at ');
  });
});
