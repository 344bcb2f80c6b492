export const ROLES = ['salesperson', 'manager', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What a person may do; the role that a permission starts at. Roles contain each other, in the order of `ROLES`. */
export const PERMISSIONS = {
  'lead.log': 'salesperson',
  'lead.see_own': 'salesperson',
  'lead.see_all': 'manager',
  'customer.reply': 'salesperson',
  'templates.see': 'manager',
  'templates.submit': 'admin',
  'channels.see': 'manager',
  'channels.change': 'admin',
  'people.see': 'manager',
  'people.change': 'admin',
  'settings.change': 'admin',
  'settings.see': 'manager',
  'settings.approve': 'manager',
  'status.see': 'manager',
  'status.decide': 'admin',
  'alerts.see': 'manager',
  'alerts.acknowledge': 'salesperson',
  'audit.see': 'manager',
  'licence.see': 'salesperson',
  'licence.delete': 'salesperson',
  'privacy.see': 'manager',
  'privacy.export': 'admin',
  'privacy.erase': 'manager',
  'privacy.change': 'admin',
  'tenant.switch': 'salesperson',
  'tenant.create': 'admin',
  'tenant.set_up': 'admin',
  'tenant.go_live': 'admin',
  'lead.export': 'manager',
  'lead.change': 'salesperson',
  'lead.import': 'manager',
  'integrations.see': 'manager',
  'api.see': 'manager',
  'api.change': 'admin',
  'kpi.see_own': 'salesperson',
  'kpi.see_all': 'manager',
} as const satisfies Record<string, Role>;

export type Permission = keyof typeof PERMISSIONS;

/** What each permission lets people do, for them to read. */
const MEANS: Readonly<Record<Permission, string>> = {
  'lead.log': 'log leads and test drives',
  'lead.see_own': 'see their own leads, their calendar and answers they owe',
  'lead.see_all': 'see everybody’s leads and conversations, and change whose they are',
  'customer.reply': 'answer customers, take over, pause, stop, book and close',
  'templates.see': 'see the WhatsApp texts and their approval, and rehearse the follow-up',
  'templates.submit': 'submit WhatsApp texts for approval',
  'channels.see': 'see the senders',
  'channels.change': 'change the senders and how fast they send',
  'people.see': 'see who has which role',
  'people.change': 'give and take roles',
  'settings.see': 'see how everything is set',
  'settings.change': 'change settings, facts, hours and the assistant',
  'settings.approve': 'approve changes of settings that wait for a second person',
  'status.see': 'see what runs and what waits, and retry it',
  'status.decide': 'skip what is parked, and decide on messages that may have left, all at once',
  'alerts.see': 'see all alerts, and where they go',
  'alerts.acknowledge': 'acknowledge alerts that come to them',
  'audit.see': 'ask the audit log and its proofs',
  'licence.see': 'look at licence photos of their leads, once each by a link that is logged',
  'licence.delete': 'delete licence photos of their leads',
  'privacy.see': 'see what is kept, for how long, and what customers agreed to',
  'privacy.export': 'see everything that is held of a customer',
  'privacy.erase': 'ask for the erasure of a customer, and agree to a colleague’s',
  'privacy.change': 'change how long and where things are kept',
  'tenant.switch': 'switch between the businesses they have a place in',
  'tenant.create': 'make a further business in the workspace',
  'tenant.set_up': 'go through the set-up',
  'tenant.go_live': 'go live, after which messages leave by themselves',
  'lead.export': 'take leads out as a file',
  'lead.change': 'change what is known of a lead',
  'lead.import': 'bring leads in from a file, and take that back',
  'integrations.see': 'see what is connected',
  'api.see': 'see the keys to the API and the webhooks',
  'api.change': 'make and revoke keys to the API, and webhooks',
  'kpi.see_own': 'see their own figures',
  'kpi.see_all': 'see everybody’s figures',
};

/** What a role may do beyond the roles below it, in words. */
export function meansOf(role: Role): string[] {
  const own = (Object.keys(PERMISSIONS) as Permission[]).filter((permission) => PERMISSIONS[permission] === role);
  return own.map((permission) => MEANS[permission]);
}

/** Roles of keys to the API. */
export const KEY_ROLES = ['dispatcher', 'manager', 'admin'] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

/** Dispatchers work on everybody's leads and write to customers; they log, export and configure nothing (seed 002). */
const DISPATCHER: ReadonlySet<Permission> = new Set<Permission>([
  'lead.see_own',
  'lead.see_all',
  'lead.change',
  'customer.reply',
]);

/** Decides whether a role holds a permission. No role, no permission. */
export function may(role: Role | KeyRole | null, permission: Permission): boolean {
  if (role === 'dispatcher') return DISPATCHER.has(permission);
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(PERMISSIONS[permission]);
}

/** Who may do it, in words for the person who may not. */
export function whoMay(permission: Permission): string {
  const from = ROLES.indexOf(PERMISSIONS[permission]);
  const names = ROLES.slice(from).map((role) => (role === 'salesperson' ? 'salespeople' : `${role}s`));
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? '');
}

/**
 * Salespeople see their own leads, and those of a colleague for whom they stand in (`coverId`: who does so for the owner
 * right now); managers and admins all of the tenant.
 */
export function maySeeLead(
  actor: { id: string; role: Role | KeyRole | null },
  lead: { ownerId: string | null; coverId?: string | null | undefined },
): boolean {
  const own = lead.ownerId === actor.id || lead.coverId === actor.id;
  return may(actor.role, 'lead.see_all') || (may(actor.role, 'lead.see_own') && own);
}
