import type { Settings } from './settings.ts';
import type { Tenant } from './tenants.ts';

/** How a business shows itself to customers. */
interface Brand {
  business: string;
  /** `#rrggbb`. Pages and letters make it lighter or darker just as far as text on it must (WCAG AA). */
  accent: string;
  /** Who e-mails come from. */
  senderName: string;
  logo: BrandLogo | null;
}

/** A logo as pages and letters show it. */
export interface BrandLogo {
  /** Where it is, on our own address: `/brand/logo/…`. */
  path: string;
  /** Pixels of the picture itself. */
  width: number;
  height: number;
}

type Branded = Pick<Settings, 'branding'>;

/** The business as it wants to be seen; what it has not said is what it is known by. Pure. */
export function brandOf(tenant: Pick<Tenant, 'name' | 'accent'>, { branding }: Branded): Brand {
  const business = branding.name ?? tenant.name;
  const { logo, senderName } = branding;
  return {
    business,
    accent: branding.accent ?? tenant.accent,
    senderName: senderName ?? business,
    logo: logo && { path: `/brand/logo/${logo.id}`, width: logo.width, height: logo.height },
  };
}

/** What stands under e-mails in a language, else in English, else in the one there is; null without any. Pure. */
export function signatureOf({ branding }: Branded, language: string): string | null {
  const { signature } = branding;
  return signature[language] ?? signature.en ?? Object.values(signature)[0] ?? null;
}
