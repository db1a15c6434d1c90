// Whether the one thing that an address names is the visitor's to open: a project, a file, a mail,
// a dossier, an incident, a call. The rule has said yes already, apart from objects.
//
//   CheckObjectOf(visit, route)   "/courriels/{mail}/ecarter" of another call -> HttpError 403
#pragma once

#include "web/router.h"
#include "web/visit.h"

namespace aiguillage::web {

// Fills visit.scopes, and visit.project for a project or a file of it. Throws HttpError 403, 404.
void CheckObjectOf(Visit& visit, const Route& route);

}  // namespace aiguillage::web
