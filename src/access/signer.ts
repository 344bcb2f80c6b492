import { z } from 'zod';
import { type ApiKeyId, isId, type TenantId } from '../lib/ids.ts';

/** What a token says. Ids only. */
interface Said {
  signIn: string;
  keyId: ApiKeyId;
  tenantId: TenantId;
  generation: number;
}

export interface Signer {
  sign(use: 'access' | 'refresh', said: Said, seconds: number): Promise<string>;
  /** What a token of ours says; undefined when it is not ours, for another use, or too old. */
  read(token: string, use: 'access' | 'refresh'): Promise<Said | undefined>;
}

const ISSUER = 'leadrescue';
const id = z.string().refine(isId);
const claims = z.object({ sub: id, tenant: id, sid: id, gen: z.int().min(1) });
const ALGORITHM = 'HS256';
/** Tokens whose signature was seen to be right; the one seen first makes room. */
const REMEMBERED = 2000;

/** JSON Web Tokens (RFC 7519), HMAC-SHA-256 under a key of the platform that the master keys wrap. */
export function createSigner(key: Buffer, machine: () => number): Signer {
  // loaded when the first token is asked for: most processes never see one
  const library = () => import('jose');
  /** Of access tokens, which come with every request; whether the sign-in still stands is asked each time. */
  const known = new Map<string, { said: Said; until: number }>();

  function remember(token: string, said: Said, until: number): void {
    known.set(token, { said, until });
    const [first] = known.keys();
    if (known.size > REMEMBERED && first !== undefined) known.delete(first);
  }

  return {
    async sign(use, said, seconds) {
      const { SignJWT } = await library();
      const at = Math.floor(machine() / 1000);
      return new SignJWT({ tenant: said.tenantId, sid: said.signIn, gen: said.generation })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
        .setSubject(said.keyId)
        .setIssuer(ISSUER)
        .setAudience(use)
        .setIssuedAt(at)
        .setExpirationTime(at + seconds)
        .sign(key);
    },
    async read(token, use) {
      const hit = use === 'access' ? known.get(token) : undefined;
      if (hit && machine() < hit.until) return hit.said;
      known.delete(token);
      const { jwtVerify, errors } = await library();
      const verified = await jwtVerify(token, key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: use,
        requiredClaims: ['exp', 'iat'],
        currentDate: new Date(machine()),
      }).catch((error: unknown) => {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      });
      const read = claims.safeParse(verified?.payload);
      if (!read.success) return undefined;
      const { sub, tenant, sid, gen } = read.data;
      const said = { keyId: sub as ApiKeyId, tenantId: tenant as TenantId, signIn: sid, generation: gen };
      if (use === 'access') remember(token, said, Number(verified?.payload.exp) * 1000);
      return said;
    },
  };
}
