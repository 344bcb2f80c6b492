export { addressOf } from './address.ts';
export { type BrandLogo, brandOf, signatureOf } from './brand.ts';
export * from './changes/index.ts';
export { countryName, countryOf, zoneHelp, zoneOf } from './country.ts';
export { type Credential, type Credentials, createCredentials, type GatewayAccess } from './credentials.ts';
export { createForms, type Form, type FormBook } from './forms.ts';
export type { Holiday } from './holidays.ts';
export { createLeadSources, type LeadSource, type LeadSourceBook } from './lead-sources.ts';
export * from './logos/index.ts';
export { defineTenantModels } from './models.ts';
export {
  KEY_ROLES,
  type KeyRole,
  may,
  maySeeLead,
  meansOf,
  PERMISSIONS,
  type Permission,
  ROLES,
  type Role,
  whoMay,
} from './permissions.ts';
export * from './playbooks/index.ts';
export {
  ACCOUNT_FIELDS,
  type Account,
  contactNumber,
  createRouting,
  type Route,
  type Routing,
  type RoutingBook,
  templateKey,
} from './routing.ts';
export { accountIdOf, SENDER_CHANNELS, senderMoves, vendorName } from './senders.ts';
export { agentModeOf, type Base, type Logo, type Sender, type Senders, type Settings } from './settings.ts';
export { mappingSchema, SOURCE_KINDS, type SourceKind, type SourceMapping } from './source-mapping.ts';
export {
  actorOf,
  createStaff,
  demand,
  type Hand,
  type Place,
  type Staff,
  type StaffBook,
  type StaffProfile,
} from './staff.ts';
export {
  createTenants,
  type NewTenant,
  type Tenant,
  type TenantKeys,
  type Tenants,
  type Versioned,
} from './tenants.ts';
export { createWorkspaceBook, type WorkspaceBook } from './workspaces.ts';
