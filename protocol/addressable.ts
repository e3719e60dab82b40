/**
 * Whether an address can carry it as a part of its path. `.` and `..` are steps of a path, however they are encoded (URL Standard, "path
 * state"), and half a character cannot be encoded.
 */
export function isAddressable(id: string): boolean {
  return id !== '' && id !== '.' && id !== '..' && !/\p{Surrogate}/u.test(id);
}
