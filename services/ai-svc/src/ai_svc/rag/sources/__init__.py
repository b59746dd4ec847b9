"""Where documents come from: uploads, folders, addresses, APIs, and the product's own texts."""
