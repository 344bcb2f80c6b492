import type { Database } from '../../src/db/index.ts';
import type { Clock } from '../../src/lib/clock.ts';
import type { Staff, Tenants } from '../../src/tenants/index.ts';
import { type Settings, settingsSchema } from '../../src/tenants/settings.ts';
import { latestSettings, storeSettings } from '../../src/tenants/tenants.ts';

interface Place {
  database: { db: Database };
  rooms: { tenants: Tenants };
  clock: Pick<Clock, 'now'>;
}

/** Stores a new version of the settings with its event, without asking anybody. */
export async function changeSettings(place: Place, by: Staff, patch: Partial<Settings>): Promise<void> {
  const { database, rooms, clock } = place;
  await database.db.inTenant(by.tenantId, async (tx) => {
    const { version, settings } = await latestSettings(tx);
    const next = { version: version + 1, settings: settingsSchema.parse({ ...settings, ...patch }) };
    await storeSettings(tx, next, Object.keys(patch), by.id, clock.now());
  });
  rooms.tenants.forget({ id: by.tenantId });
}
