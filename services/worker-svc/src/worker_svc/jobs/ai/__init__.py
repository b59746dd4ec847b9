"""Jobs that ask ai-svc: texts processed, summed up, asked, in batches; a day's loads in one paragraph."""
