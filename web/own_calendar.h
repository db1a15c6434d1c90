// One's calendar of deadlines, on the page of one's account: its secret address, shown once.
//
//   const std::string address = MakeOwnCalendar(visit);      // ends the one before
//   AddOwnCalendar(view, visit, session, address);           // "" but right after it was made
#pragma once

#include <string>

#include "storage/database.h"
#include "web/page.h"
#include "web/response.h"

namespace aiguillage::web {

std::string MakeOwnCalendar(Visit& visit);
void AddOwnCalendar(View& view, const Visit& visit, storage::Session& session,
                    const std::string& fresh_address);

// Routes: the address is made and ended by its owner, the calendar read by whoever holds it.
Response RenewOwnCalendar(Visit& visit);  // entrance.cpp: shows the account
Response EndOwnCalendar(Visit& visit);
Response OwnCalendar(Visit& visit);

}  // namespace aiguillage::web
