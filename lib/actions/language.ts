'use server';

import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { isLocale } from '../base/locale.ts';
import { guardedAction } from '../runtime/guarded.ts';
import { rememberLocale } from '../runtime/i18n.ts';
import { pageOfRequest } from '../runtime/origin.ts';
import { actionContext, forgetOldPages } from '../runtime/request.ts';

/** The customer chooses the language, and comes back to the page where that was. */
export async function chooseLanguage(form: FormData): Promise<void> {
  return guardedAction('chooseLanguage', async () => {
    const locale = form.get('locale');
    const context = await actionContext();
    if (!context || !isLocale(locale)) redirect('/?notice=try-again');
    await rememberLocale(context.deps.settings, locale);
    await forgetOldPages();
    redirect(pageOfRequest(await headers(), context.deps.settings.APP_URL));
  });
}
