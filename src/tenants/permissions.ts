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
  'status.see': 'manager',
  'audit.see': 'manager',
  'tenant.switch': 'salesperson',
  'tenant.create': 'admin',
  'tenant.set_up': 'admin',
  'tenant.go_live': 'admin',
  'kpi.see_own': 'salesperson',
  'kpi.see_all': 'manager',
} as const satisfies Record<string, Role>;

export type Permission = keyof typeof PERMISSIONS;

/** Decides whether a role holds a permission. No role, no permission. */
export function may(role: Role | null, permission: Permission): boolean {
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(PERMISSIONS[permission]);
}

/** Who may do it, in words for the person who may not. */
export function whoMay(permission: Permission): string {
  const from = ROLES.indexOf(PERMISSIONS[permission]);
  const names = ROLES.slice(from).map((role) => (role === 'salesperson' ? 'salespeople' : `${role}s`));
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? '');
}

/** Salespeople see their own leads; managers and admins all of the tenant. */
export function maySeeLead(actor: { id: string; role: Role | null }, lead: { ownerId: string | null }): boolean {
  return may(actor.role, 'lead.see_all') || (may(actor.role, 'lead.see_own') && lead.ownerId === actor.id);
}
