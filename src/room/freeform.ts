/**
 * Which characters a nickname may have: the FreeformClass of RFC 8264 (section 4.3), which RFC 8266 section 2.2 asks for.
 * Stricter than that in one thing: what joins characters and is not shown itself (CONTEXTJ) is never allowed.
 */

/**
 * Not shown or not text (RFC 8264 sections 9.11 to 9.13), not assigned, and the letters of old Korean that are no syllable
 * (section 9.9). Private use and lone surrogates belong to no class at all (section 8).
 */
const NEVER =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u1100-\u11FF\uA960-\uA97C\uD7B0-\uD7FB]/u;

/** Exceptions (RFC 8264 section 9.6, RFC 5892 section 2.6): disallowed, whatever their properties say. */
const EXCEPTIONS = /[\u0640\u07FA\u3031-\u3035\u303B]|\u302E|\u302F/;

/** Allowed in the company that RFC 5892 appendices A.3 to A.9 name (CONTEXTO); each matches where that is missing. */
const WITHOUT_COMPANY: readonly RegExp[] = [
  // MIDDLE DOT: between two l.
  /(?<!l)\u00B7|\u00B7(?!l)/,
  // GREEK LOWER NUMERAL SIGN: before Greek.
  /\u0375(?!\p{Script=Greek})/u,
  // HEBREW PUNCTUATION GERESH and GERSHAYIM: after Hebrew.
  /(?<!\p{Script=Hebrew})[\u05F3\u05F4]/u,
];
const KATAKANA_MIDDLE_DOT = '\u30FB';
const JAPANESE = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;
const ARABIC_DIGITS = /[\u0660-\u0669]/;
const EXTENDED_ARABIC_DIGITS = /[\u06F0-\u06F9]/;

/** Whether a text has only characters that a nickname may have. */
export function isFreeform(text: string): boolean {
  if (NEVER.test(text) || EXCEPTIONS.test(text)) return false;
  if (WITHOUT_COMPANY.some((rule) => rule.test(text))) return false;
  if (text.includes(KATAKANA_MIDDLE_DOT) && !JAPANESE.test(text)) return false;
  // The two sets of Arabic digits look alike: never both.
  return !(ARABIC_DIGITS.test(text) && EXTENDED_ARABIC_DIGITS.test(text));
}
