/** Languages that the app speaks. English is spoken to everybody else. */
export const LANGUAGES = ['en', 'ru'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Of a BCP 47 tag. */
export function languageOf(tag: string): Language {
  const code = tag.toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language === code) ?? 'en';
}
