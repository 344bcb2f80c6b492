import { describe, expect, test } from '@jest/globals';
import type { Answer, Command } from '../../../src/slack/feature.ts';
import { register, resolve } from '../../../src/slack/registry.ts';
import { byTopic, helpAbout, helpFor } from '../../../src/slack/rescue/help.ts';

const command = (name: string, permission: Command['permission'] = 'anybody', usage?: string): Command => ({
  name,
  summary: `Does ${name}.`,
  permission,
  ...(usage && { usage }),
  run: async () => undefined,
});

const { commands } = register([
  { commands: [command('/lead'), command('/rescue'), command('/rescue channels'), command('/rescue channels rate')] },
  { commands: [command('/rescue people')] },
]);

describe('the command somebody meant', () => {
  test.each([
    ['/lead', 'Anna  Karlsson', '/lead', 'Anna  Karlsson'],
    ['/lead', '', '/lead', ''],
    ['/rescue', '', '/rescue', ''],
    ['/rescue', 'people', '/rescue people', ''],
    ['/rescue', 'People now', '/rescue people', 'now'],
    ['/rescue', 'channels', '/rescue channels', ''],
    ['/rescue', 'channels rate  sms 5', '/rescue channels rate', 'sms 5'],
    ['/rescue', ' channels  rates', '/rescue channels', 'rates'],
  ])('%s %s', (name, text, found, rest) => {
    expect(resolve(commands, name, text)).toMatchObject({ kind: 'found', command: { name: found }, rest });
  });

  test('a word that is none is told, with the nearest that is', () => {
    expect(resolve(commands, '/rescue', 'peopel list')).toEqual({
      kind: 'wrong_word',
      name: '/rescue',
      word: 'peopel',
      nearest: '/rescue people',
    });
    expect(resolve(commands, '/rescue', 'Lead anna')).toMatchObject({ kind: 'wrong_word', nearest: '/lead' });
    expect(resolve(commands, '/rescue', '<!channel>')).toMatchObject({ kind: 'wrong_word', nearest: undefined });
  });

  test('a command that is not declared is unknown', () => {
    expect(resolve(commands, '/other', 'people')).toEqual({ kind: 'unknown' });
  });
});

test('two features cannot declare the same', () => {
  expect(() => register([{ commands: [command('/lead')] }, { commands: [command('/lead')] }])).toThrow(
    '/lead is declared twice',
  );
});

describe('help', () => {
  const shown = ({ blocks }: Answer) =>
    (blocks as { text: { text: string } }[]).map(({ text }) => text.text).join('\n');
  const all = [
    command('/drive', 'lead.log', '[name]'),
    command('/rescue status', 'status.see'),
    command('/rescue hours', 'settings.change'),
  ];

  test('lists what one may do, then who may do the rest', () => {
    expect(shown(helpFor(all, 'salesperson'))).toBe(
      [
        '*Every day*',
        '`/drive`  Does /drive.',
        'Only managers and admins: `/rescue status`',
        'Only admins: `/rescue hours`',
        'How one of them is written: `/rescue help kpi`.',
      ].join('\n'),
    );
  });

  test('says how one is written, and who may use it', () => {
    expect(helpAbout(all, 'salesperson', 'Drive')?.text).toBe('`/drive [name]`  Does /drive.');
    expect(helpAbout(all, 'salesperson', '/rescue hours')?.text).toBe(
      '`/rescue hours`  Does /rescue hours. _Only admins._',
    );
    expect(helpAbout(all, 'admin', 'invoices')).toBeUndefined();
  });

  test('places every command under a topic', () => {
    const odd = [command('/rescue odd'), ...all];
    expect(byTopic(odd).at(-1)).toMatchObject({ title: 'More', commands: [{ name: '/rescue odd' }] });
    expect(byTopic(all).map(({ title }) => title)).toEqual(['Every day', 'Looking after it', 'Follow-ups']);
  });

  test('has no closed doors for an admin, and no doors for nobody', () => {
    expect(shown(helpFor(all, 'admin'))).not.toContain('Only');
    expect(shown(helpFor([command('/rescue'), ...all], null))).toContain(
      'Only salespeople, managers and admins: `/drive`',
    );
  });
});
