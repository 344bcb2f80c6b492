import type { PhoneId } from '../../src/lib/ids.ts';
import type { Staff } from '../../src/tenants/index.ts';
import { one } from './facts.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

/** Links a phone of that number, in the name of `staff`, and lets what follows be done; gives its id. */
export async function linkPhone(world: World, staff: Staff, number: string): Promise<PhoneId> {
  const id = await world.rooms.phones.link(staff);
  await world.rooms.phones.tend();
  await until(() => world.phones?.code, 'a code');
  world.phones?.scan(number);
  await linked(world, id);
  return id;
}

/** The phone has been scanned; what follows is done, as by effects. */
export async function linked(world: World, id: PhoneId): Promise<void> {
  const state = () => one<string>(world, 'select state as value from linked_phones where id = $1', [id]);
  await until(async () => (await state()) === 'linked', 'the link');
  await world.rooms.phones.useLinked(world.tenant.id, id);
}
