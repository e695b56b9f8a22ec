// The two buttons of a page of results, whose own script would need one from elsewhere.
const showAllValidations = () => document.body.classList.remove("failed-only");
const hideSucceededValidations = () => document.body.classList.add("failed-only");
