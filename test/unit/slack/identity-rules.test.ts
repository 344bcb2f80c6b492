import { describe, expect, test } from '@jest/globals';
import { firstSettings, isFullMember } from '../../../src/slack/identity.ts';

const sofia = {
  id: 'U1',
  team_id: 'T1',
  name: 'sofia',
  tz: 'Europe/Stockholm',
  locale: 'sv-SE',
  deleted: false,
  is_bot: false,
  is_restricted: false,
  is_ultra_restricted: false,
  is_stranger: false,
};

describe('a full member of the workspace', () => {
  test.each([
    ['somebody of it', {}, true],
    ['somebody of the organisation who is in it', { team_id: 'T2', enterprise_user: { teams: ['T1', 'T2'] } }, true],
    ['somebody of another workspace', { team_id: 'T2' }, false],
    ['somebody whose workspace is not told', { team_id: undefined }, false],
    ['a guest of several channels', { is_restricted: true }, false],
    ['a guest of one channel', { is_restricted: true, is_ultra_restricted: true }, false],
    ['a stranger', { is_stranger: true }, false],
    ['a bot', { is_bot: true }, false],
    ['somebody who left', { deleted: true }, false],
  ])('%s', (_name, more, expected) => {
    expect(isFullMember({ ...sofia, ...more } as typeof sofia, 'T1')).toBe(expected);
  });
});

describe('what a new tenant starts with', () => {
  const home = { teamId: 'T1', teamName: 'Nordic Motors' };
  test.each([
    [{}, { zone: 'Europe/Stockholm', country: 'SE', language: 'sv' }],
    [
      { tz: 'America/Chicago', locale: 'en-US' },
      { zone: 'America/Chicago', country: 'US', language: 'en' },
    ],
    [
      { tz: 'Asia/Kolkata', locale: 'hi-IN' },
      { zone: 'Asia/Kolkata', country: 'IN', language: 'hi' },
    ],
    [
      { tz: 'Europe/Paris', locale: 'fr-FR' },
      { zone: 'Europe/Paris', country: 'FR', language: 'en' },
    ],
    [
      { tz: 'Mars/Olympus', locale: undefined },
      { zone: 'Europe/London', country: 'GB', language: 'en' },
    ],
    [{ tz: null }, { zone: 'Europe/London', country: 'GB' }],
    [{ tz: 'Etc/UTC' }, { zone: 'Etc/UTC', country: 'GB' }],
  ])('of %j', (more, expected) => {
    const made = firstSettings(home, { ...sofia, ...more } as typeof sofia, ['en', 'sv', 'de', 'es', 'hi']);
    expect(made).toMatchObject({ name: 'Nordic Motors', slackTeamId: 'T1', ...expected });
  });
});
