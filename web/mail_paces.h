// The pace of one's mails, on the page of one's account (workflows/mail_pace.h says what it means).
//
//   AddMailPaces(view, visit, session)      a choice for each kind of mail
#pragma once

#include "storage/database.h"
#include "web/page.h"

namespace aiguillage::web {

void AddMailPaces(View& view, const Visit& visit, storage::Session& session);

// pages/mail_paces.cpp
Response KeepMailPaces(Visit& visit);
Response UnsubscribePage(Visit& visit);
Response Unsubscribe(Visit& visit);

}  // namespace aiguillage::web
