// One visit: the request, who makes it, and what the house lends to the page that answers.
//
//   Response MyTasks(Visit& visit) { … visit.services.database.Read(…) … }
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/projects.h"
#include "web/access.h"
#include "web/request.h"
#include "web/services.h"

namespace aiguillage::web {

class Pages;       // page.h: the templates, parsed once
class Attendance;  // session.h: who was seen when
class Health;      // health.h
class Assets;      // assets.h
class Drawings;    // drawings.h

// What lives as long as the server does.
struct House {
  Services& services;
  Pages& pages;
  Attendance& attendance;
  Health& health;
  Assets& assets;
  Drawings& drawings;
};

struct Visit {
  House& house;
  Services& services;
  Request request;
  std::int64_t now = 0;
  std::string id;  // of the request, for the log and the error page
  std::optional<Visitor> visitor;
  std::string form_token;                         // what a form must send back, session or not
  bool fresh_form_token = false;                  // then the answer sets its cookie
  std::map<std::string, std::string> parameters;  // what `{x}` of the route stood for
  std::optional<storage::Project> project;  // of {number}, once the rule has let the visitor in
  std::string route;                        // pattern, for log and meters
  std::vector<std::string> scopes = {};     // that cover the address's object; empty without one
  std::string refused = {};                 // the rule that said no, for the log

  const std::string& Parameter(const std::string& name) const { return parameters.at(name); }
};

}  // namespace aiguillage::web
