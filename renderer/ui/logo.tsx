/** The mark: a sheet whose lines are a pulse. `size`: CSS px at 100 % text. */
export function Logo({ size = 24 }: { size?: number }) {
  // Grows with the text.
  const side = `${size / 16}rem`;
  return (
    <svg className="logo" width={side} height={side} viewBox="0 0 24 24" fill="none" aria-hidden>
      <rect x="1" y="1" width="22" height="22" rx="6" fill="var(--accent)" />
      <path
        d="M4.5 12.5h3.2l2-5.5 3.8 10 2.2-6 1 1.5h2.8"
        stroke="var(--text-on-accent)"
        strokeWidth="1.9"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
