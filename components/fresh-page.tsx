'use client';

import { useEffect } from 'react';

/** A page that the browser kept whole and shows again on "back" may offer Pay for what is paid: it is loaded anew. */
export function FreshPage() {
  useEffect(() => {
    const reload = (event: PageTransitionEvent) => {
      if (event.persisted) window.location.reload();
    };
    window.addEventListener('pageshow', reload);
    return () => window.removeEventListener('pageshow', reload);
  }, []);
  return null;
}
