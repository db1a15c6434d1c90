// Lists, and panels of figures, that somebody keeps under a name: shown on the page they are of, as
// links.
//
//   AddSavedViews(view, visit, session, "/projets?retard=1")
//
// `here`: the page's own address as filtered; what « Garder cette liste » would keep.
#pragma once

#include <string>

#include "storage/database.h"
#include "web/page.h"

namespace aiguillage::web {

inline constexpr std::size_t kSavedViewsMax = 30;  // of one person
inline constexpr std::size_t kViewNameMax = 60;    // characters

void AddSavedViews(View& view, const Visit& visit, storage::Session& session,
                   const std::string& here);
// One of our lists or panels of figures, with nothing but its filters.
bool IsListAddress(const std::string& address);

// pages/saved_views.cpp
Response KeepView(Visit& visit);
Response ForgetView(Visit& visit);

}  // namespace aiguillage::web
