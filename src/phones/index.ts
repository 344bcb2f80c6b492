/** Linked phones: WhatsApp without the Business API, as WhatsApp Web is linked. */

import type { Tenants } from '../tenants/index.ts';
import { createPhoneBook, type PhoneBoard, type PhoneBook } from './book.ts';
import { createKeeper, type Keeper, type KeeperDeps } from './keeper.ts';
import { createPhoneUse, type PhoneUse, type PhoneUseDeps } from './use.ts';

export type { PhoneBoard, PhoneBook, ShownPhone } from './book.ts';
export { VENDOR as PHONE_VENDOR } from './link.ts';
export { HUMAN, type Pace } from './pace.ts';
export type { PhoneVendor } from './port.ts';
export type { Phone, PhoneUsage } from './types.ts';
export type { PhoneUse } from './use.ts';

export interface Phones extends PhoneBook, PhoneBoard, PhoneUse, Keeper {}

export function createPhones(deps: KeeperDeps & PhoneUseDeps & { tenants: Tenants }): Phones {
  return { ...createPhoneBook(deps), ...createPhoneUse(deps), ...createKeeper(deps) };
}
