// To be told of calls without an account: the form on the page of a call, the links of its mails
// (notifications/call_news.h says what is told, and when).
//
//   ShowCall(visit, {422, "ana@", "Cette adresse n’est pas complète …"})     the page, with the
//   form as it was sent
#pragma once

#include <string>

#include "web/response.h"
#include "web/visit.h"

namespace aiguillage::web {

// What the form says back.
struct NewsAsked {
  int status = 200;
  std::string address, error;
  bool sent = false;
};
Response ShowCall(Visit& visit, const NewsAsked& asked);  // pages/public.cpp

// pages/call_news.cpp
Response AskCallNews(Visit& visit);
Response ConfirmNewsPage(Visit& visit);
Response ConfirmCallNews(Visit& visit);
Response EndNewsPage(Visit& visit);
Response EndCallNews(Visit& visit);

}  // namespace aiguillage::web
