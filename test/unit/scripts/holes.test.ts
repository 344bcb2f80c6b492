import { describe, expect, test } from '@jest/globals';
import { verdictOf } from '../../../scripts/holes.ts';

const hole = (severity: string, fixAvailable: boolean | { version: string }) => ({
  severity,
  range: '<1.2.3',
  fixAvailable,
});
const answer = (vulnerabilities: Record<string, object>) => JSON.stringify({ auditReportVersion: 2, vulnerabilities });

describe('known holes of what we depend on', () => {
  test('a serious one that a newer version mends fails, by name', () => {
    const { fails, lines } = verdictOf(answer({ express: hole('high', { version: '5.9.9' }), pg: hole('low', true) }));
    expect(fails).toBe(true);
    expect(lines).toEqual(['express <1.2.3: high, mended by 5.9.9']);
  });

  test('one that nobody has mended is told and fails nothing', () => {
    expect(verdictOf(answer({ qrcode: hole('critical', false) }))).toEqual({
      fails: false,
      lines: ['qrcode <1.2.3: critical, not mended by anybody yet'],
    });
  });

  test('none is none', () => {
    expect(verdictOf(answer({}))).toEqual({ fails: false, lines: ['Known holes: none that are serious.'] });
  });

  test.each([
    ['no registry', JSON.stringify({ message: '405 Method Not Allowed', error: { summary: '', detail: '' } })],
    ['no network', JSON.stringify({ error: { code: 'ENOTFOUND' } })],
    ['nothing', ''],
    ['no JSON', 'npm error audit endpoint returned an error'],
    ['a list of something else', JSON.stringify({ vulnerabilities: [1] })],
  ])('%s says nothing about our code', (_, said) => {
    expect(verdictOf(said)).toMatchObject({ fails: false, lines: [expect.stringContaining('not checked')] });
  });
});
