import { z } from 'zod';
import { KEY_ROLES, may, PERMISSIONS, type Permission } from '../../tenants/index.ts';
import { openOperation, operation } from './operation.ts';
import { empty, words } from './schemas.ts';

const tokens = z.strictObject({
  tokenType: z.literal('Bearer'),
  accessToken: z.string(),
  expiresIn: z.int().meta({ description: 'Seconds.' }),
  refreshToken: z.string().meta({ description: 'Good for one exchange.' }),
  refreshExpiresIn: z.int().meta({ description: 'Seconds.' }),
});

/** Signing in and out. */
export const tokenOperations = [
  openOperation({
    id: 'signIn',
    method: 'post',
    path: '/tokens',
    tag: 'access',
    summary: 'Exchange a key, or a refresh token, for tokens',
    description:
      'Admins make keys in Slack with `/rescue api`. A refresh token is good for one exchange: showing it twice revokes every token of that sign-in. Five wrong secrets in a row lock a key for fifteen minutes.',
    body: z.union([
      z.strictObject({ apiKey: words(200, 1).meta({ example: 'lrk_…' }) }),
      z.strictObject({ refreshToken: words(4000, 1) }),
    ]),
    status: 200,
    response: tokens,
    async run({ rooms, body }) {
      const made =
        'apiKey' in body ? await rooms.signIns.withKey(body.apiKey) : await rooms.signIns.refresh(body.refreshToken);
      return { tokenType: 'Bearer' as const, ...made };
    },
  }),
  operation({
    id: 'signOut',
    method: 'delete',
    path: '/tokens',
    tag: 'access',
    summary: 'Sign out',
    description: 'All tokens of this sign-in stop working.',
    permission: 'key',
    query: empty,
    status: 204,
    async run({ rooms, caller }) {
      await rooms.signIns.end(caller);
      return undefined;
    },
  }),
  operation({
    id: 'whoAmI',
    method: 'get',
    path: '/me',
    tag: 'access',
    summary: 'Your key, your business, and what you may do',
    permission: 'key',
    query: empty,
    status: 200,
    response: z.strictObject({
      key: z.strictObject({ id: z.string(), name: z.string(), role: z.enum(KEY_ROLES) }),
      business: z.strictObject({
        name: z.string(),
        country: z.string(),
        zone: z.string(),
        language: z.string(),
        live: z.boolean().meta({ description: 'Whether automated messages leave.' }),
      }),
      permissions: z.array(z.string()),
    }),
    async run({ rooms, caller: { key } }) {
      const { name, country, zone, language, waitsFor } = await rooms.tenants.byId(key.tenantId);
      const all = Object.keys(PERMISSIONS) as Permission[];
      return {
        key: { id: key.id, name: key.name, role: key.role },
        business: { name, country, zone, language, live: waitsFor === null },
        permissions: all.filter((permission) => may(key.role, permission)),
      };
    },
  }),
];
