/**
 * Where the properties' random cases begin. The ordinary run takes the same cases everywhere, so that a red one is red for
 * everybody; `FRESH_SEEDS=1` (the nightly run) takes new ones each time and prints the seed of what it finds.
 */
export const PROPERTY_SEED = process.env['FRESH_SEEDS'] === '1' ? Date.now() & 0x7fff_ffff : 20_261_123;
