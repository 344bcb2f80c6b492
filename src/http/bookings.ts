import express, { type Application, type Response } from 'express';
import { type Booking, type BookingId, BookingRefused, calendarFile, type Slot } from '../bookings/index.ts';
import type { TenantId } from '../lib/ids.ts';
import { readSignedToken } from '../lib/signed-links.ts';
import { type Speech, spokenDay, spokenTime } from '../lib/spoken-time.ts';
import { addressOf, brandOf, type Settings, type Tenant } from '../tenants/index.ts';
import { only, sendPage, sendProblem } from './answer.ts';
import type { HttpDeps } from './deps.ts';
import type { Limits } from './limits.ts';
import { readFields } from './multipart.ts';
import { type BookingState, bookingPage, calendarWords, unknownBookingPage } from './pages/index.ts';

const VISITS_PER_MINUTE = 120;
/** Other times that the page offers. */
const CHOICES = 6;
const CUSTOMER = { kind: 'customer' } as const;

/** The customer of an appointment, whose tenant the link does not name. */
interface Guest {
  tenant: Tenant;
  settings: Settings;
  language: string;
  id: BookingId;
}

/**
 * The page behind the link in a confirmation. Only POST changes anything: GET and HEAD may come from whatever looks at
 * links before people do.
 */
export function mountBookings(app: Application, deps: HttpDeps, limits: Limits): void {
  const { bookings, clock, db, linkKey, tenants } = deps;

  async function find(token: string): Promise<Guest | undefined> {
    const id = readSignedToken(linkKey, 'booking', token) as BookingId | undefined;
    if (!id) return undefined;
    const [row] = await db.system.query<{ tenantId: TenantId; language: string }>(
      {
        name: 'bookings-guest',
        text: `select b.tenant_id as "tenantId", p.language from bookings b join persons p on p.id = b.person_id where b.id = $1`,
      },
      [id],
    );
    if (!row) return undefined;
    const [tenant, settings] = await Promise.all([tenants.byId(row.tenantId), tenants.settings(row.tenantId)]);
    return { tenant, settings, language: row.language, id };
  }

  const read = (guest: Guest) => db.inTenant(guest.tenant.id, (tx) => bookings.find(tx, guest.id));

  /** Other times with the same salesperson, apart from each other. */
  async function choices(guest: Guest, booking: Booking): Promise<Slot[]> {
    return db.inTenant(guest.tenant.id, (tx) =>
      bookings.offer(tx, {
        leadId: booking.leadId,
        staffId: booking.staffId,
        except: booking.id,
        wish: { kind: 'at', instant: booking.startsAt },
        count: CHOICES,
      }),
    );
  }

  async function show(res: Response, path: string, guest: Guest, state?: BookingState): Promise<void> {
    const booking = await read(guest);
    if (!booking) return unknown(res);
    const { tenant, settings } = guest;
    const now: BookingState =
      booking.state === 'cancelled' ? 'cancelled' : booking.startsAt <= clock.now() ? 'over' : (state ?? 'booked');
    const slots = now === 'cancelled' || now === 'over' ? [] : await choices(guest, booking);
    const speech: Speech = { language: guest.language, country: tenant.country, script: 'native' };
    const spoken = (at: Date) => ({
      day: spokenDay(at, booking.zone, speech),
      time: spokenTime(at, booking.zone, speech),
    });
    const { business, accent, logo } = brandOf(tenant, settings);
    const view = {
      business,
      accent,
      logo,
      lang: guest.language,
      state: now,
      ...spoken(booking.startsAt),
      salesperson: booking.staffName,
      where: addressOf(settings, guest.language),
      contact: settings.contact,
      choices: slots
        .filter((slot) => +slot.startsAt !== +booking.startsAt)
        .map((slot) => ({ value: String(slot.startsAt.getTime()), ...spoken(slot.startsAt) })),
      action: path,
    };
    sendPage(res, 200, (nonce) => bookingPage({ ...view, nonce }));
  }

  async function act(guest: Guest, fields: Record<string, string>): Promise<BookingState | undefined> {
    const { tenant, id } = guest;
    switch (fields.action) {
      case 'cancel':
        await bookings.cancel(tenant.id, id, CUSTOMER);
        return undefined;
      case 'wish':
        await bookings.wish(tenant.id, id);
        return 'wished';
      case 'move':
        return move(guest, Number(fields.at));
      default:
        return undefined;
    }
  }

  async function move({ tenant, id }: Guest, at: number): Promise<BookingState | undefined> {
    const startsAt = new Date(at);
    if (Number.isNaN(startsAt.getTime())) return undefined;
    try {
      await bookings.reschedule(tenant.id, id, { startsAt, by: CUSTOMER });
      return 'moved';
    } catch (error) {
      if (error instanceof BookingRefused) return 'taken'; // where it is over, the page says that
      throw error;
    }
  }

  app
    .route('/b/:token')
    .all(limits.perMinute(VISITS_PER_MINUTE))
    .get(async (req, res) => {
      const guest = await find(req.params.token);
      if (!guest) return unknown(res);
      await show(res, req.path, guest);
    })
    .post(express.raw({ type: () => true, limit: '16kb', inflate: false }), async (req, res) => {
      const guest = await find(req.params.token);
      if (!guest) return unknown(res);
      const body: unknown = req.body;
      const fields = await readFields(req.get('content-type') ?? '', Buffer.isBuffer(body) ? body : Buffer.alloc(0));
      await show(res, req.path, guest, await act(guest, fields));
    })
    .all(only('GET', 'HEAD', 'POST'));

  app
    .route('/b/:token/appointment.ics')
    .all(limits.perMinute(VISITS_PER_MINUTE))
    .get(async (req, res) => {
      const guest = await find(req.params.token);
      const booking = guest && (await read(guest));
      if (!guest || !booking) return sendProblem(req, res, 404);
      const url = `${deps.config.publicUrl}/b/${req.params.token}`;
      const named = { business: guest.tenant.name, salesperson: booking.staffName, link: url };
      const location = addressOf(guest.settings, guest.language) ?? guest.tenant.name;
      const words = { ...calendarWords(guest.language, named), location, url };
      const file = calendarFile(booking, words, { now: clock.now(), host: new URL(deps.config.publicUrl).hostname });
      res.set({
        'Content-Type': 'text/calendar; charset=utf-8; method=PUBLISH',
        'Content-Disposition': 'attachment; filename="appointment.ics"',
        'Cache-Control': 'no-store',
        'X-Robots-Tag': 'noindex, nofollow',
      });
      res.send(file);
    })
    .all(only('GET', 'HEAD'));
}

function unknown(res: Response): void {
  sendPage(res, 404, (nonce) => unknownBookingPage('en', nonce));
}
