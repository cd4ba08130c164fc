"""What everything is made of: frozen values that know nothing of how they are judged, stored or shown."""
