/** The mark: the letter R as a route that ends in a signal. */
export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0b6f78" />
      <path d="M9 23V9.5h7a4.25 4.25 0 0 1 0 8.5H9m6.8 0 5 5" fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round" />
      <circle cx="24" cy="9.5" r="2.5" fill="#7fe0d3" />
    </svg>
  )
}
