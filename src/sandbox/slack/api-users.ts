import { DateTime } from 'luxon';
import { type Args, page } from './args.ts';
import type { Desk } from './desk.ts';
import { Refusal } from './refusal.ts';
import type { JsonObject, StandInUser } from './types.ts';

/** A user as users.info answers; `email` needs the scope users:read.email, which the stand-in grants. */
function userToWire(user: StandInUser, desk: Desk, withLocale: boolean): JsonObject {
  const { team, now } = desk.workspace;
  const [first = '', ...rest] = user.realName.split(' ');
  const wire: JsonObject = {
    id: user.id,
    team_id: user.teamId ?? team.id,
    name: user.name,
    deleted: user.deleted === true,
    real_name: user.realName,
    profile: {
      real_name: user.realName,
      real_name_normalized: user.realName,
      display_name: user.name,
      display_name_normalized: user.name,
      first_name: first,
      last_name: rest.join(' '),
      email: user.email,
      phone: user.phone ?? '',
      title: '',
      team: user.teamId ?? team.id,
    },
    is_bot: user.bot === true,
    is_app_user: false,
    updated: 0,
  };
  if (user.deleted === true) return wire; // Slack sends no roles and no zone for a deactivated account
  const local = DateTime.fromJSDate(now(), { zone: user.tz });
  return {
    ...wire,
    tz: user.tz,
    tz_label: local.offsetNameLong,
    tz_offset: local.offset * 60,
    is_admin: user.admin === true || user.owner === true,
    is_owner: user.owner === true,
    is_primary_owner: user.owner === true,
    is_restricted: user.restricted === true || user.ultraRestricted === true,
    is_ultra_restricted: user.ultraRestricted === true,
    ...(user.stranger === true ? { is_stranger: true } : {}),
    ...(withLocale ? { locale: user.locale ?? 'en-US' } : {}),
  };
}

function info(args: Args, desk: Desk): JsonObject {
  const user = desk.workspace.users.get(args.need('user', 'user_not_found'));
  if (user === undefined) throw new Refusal('user_not_found');
  return { user: userToWire(user, desk, args.flag('include_locale')) };
}

function list(args: Args, desk: Desk): JsonObject {
  const { items, next } = page([...desk.workspace.users.values()], args, 200);
  const locale = args.flag('include_locale');
  return {
    members: items.map((user) => userToWire(user, desk, locale)),
    response_metadata: { next_cursor: next },
  };
}

function lookupByEmail(args: Args, desk: Desk): JsonObject {
  const email = args.need('email', 'users_not_found').toLowerCase();
  const user = [...desk.workspace.users.values()].find((u) => u.email?.toLowerCase() === email && !u.deleted);
  if (user === undefined) throw new Refusal('users_not_found');
  return { user: userToWire(user, desk, false) };
}

function authTest(_args: Args, desk: Desk): JsonObject {
  const { team, bot } = desk.workspace;
  return {
    url: `${desk.origin()}/`,
    team: team.name,
    user: bot.name.toLowerCase(),
    team_id: team.id,
    user_id: bot.userId,
    bot_id: bot.botId,
    is_enterprise_install: false,
  };
}

function teamInfo(_args: Args, desk: Desk): JsonObject {
  const { id, name, domain } = desk.workspace.team;
  return { team: { id, name, domain, url: `${desk.origin()}/`, email_domain: '', icon: {} } };
}

function botInfo(args: Args, desk: Desk): JsonObject {
  const { bot } = desk.workspace;
  if (args.text('bot') !== undefined && args.text('bot') !== bot.botId) throw new Refusal('bot_not_found');
  const { botId, userId, appId, name } = bot;
  return { bot: { id: botId, deleted: false, name, updated: 0, app_id: appId, user_id: userId, icons: {} } };
}

/** Socket mode takes an app-level token (`xapp-`), never the bot's. */
function connectionsOpen(): JsonObject {
  throw new Refusal('not_allowed_token_type');
}

export const userMethods = {
  'api.test': () => ({}),
  'apps.connections.open': connectionsOpen,
  'auth.test': authTest,
  'bots.info': botInfo,
  'team.info': teamInfo,
  'users.info': info,
  'users.list': list,
  'users.lookupByEmail': lookupByEmail,
};
