"""What stewards keep an eye on: devices and their freshness, coverage, quarantine, roofs."""
